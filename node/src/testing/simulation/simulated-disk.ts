/** A machine's disk: writes take time, and what was not written when the machine dies is lost. */
import { type ChainStore, StoreError, type WriteAheadLog } from '../../ports/index.ts';
import { type MemoryContent, openMemoryLog, openMemoryStore } from '../../storage/index.ts';
import type { Random } from '../random.ts';
import { HEALED_WRITE_MS_MAX } from './constants.ts';
import type { SimulatedTime } from './simulated-time.ts';

export class SimulatedDisk {
  private readonly time: SimulatedTime;
  private readonly random: Random;
  private writeMsMax: number;
  private content: MemoryContent = new Map();
  private records: Uint8Array[] = [];
  private writing: readonly Uint8Array[] = [];
  private life = 0;

  constructor(time: SimulatedTime, random: Random, writeMsMax: number) {
    this.time = time;
    this.random = random;
    this.writeMsMax = writeMsMax;
  }

  /** Pulls the plug: what runs on keeps a disk that nobody will read again. */
  crash(): void {
    // What was being written may have arrived, though nobody was told.
    const kept = this.random.chance(0.3) ? this.writing : [];
    this.life += 1;
    this.content = new Map(this.content);
    this.records = [...this.records, ...kept];
    this.writing = [];
  }

  heal(): void {
    this.writeMsMax = Math.min(this.writeMsMax, HEALED_WRITE_MS_MAX);
  }

  async open(): Promise<{ readonly store: ChainStore; readonly log: WriteAheadLog }> {
    const { life } = this;
    const log = openMemoryLog(this.records);
    const store = await openMemoryStore(this.content);
    const written = async (write: () => Promise<void>): Promise<void> => {
      await new Promise<void>((done) => void this.time.after(this.random.next() * this.writeMsMax, done));
      if (this.life !== life) throw new StoreError('CLOSED', 'the machine died');
      await write();
    };
    return {
      store: { ...store, commit: (blocks) => written(() => store.commit(blocks)) },
      log: {
        ...log,
        append: async (records) => {
          this.writing = records;
          await written(() => log.append(records));
          this.writing = [];
        },
      },
    };
  }
}
