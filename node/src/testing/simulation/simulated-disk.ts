/**
 * A machine's disk: writes take time, and what was not synced when the machine dies is lost, or not, or half. The log
 * is the real file log over files that forget; the chain store's batches are atomic, as LevelDB's are.
 */
import { type ChainStore, StoreError, type WriteAheadLog } from '../../ports/index.ts';
import { type MemoryContent, openFileLog, openMemoryStore } from '../../storage/index.ts';
import { ForgetfulFiles } from '../crash/forgetful-files.ts';
import type { Random } from '../random.ts';
import { HEALED_WRITE_MS_MAX } from './constants.ts';
import type { SimulatedTime } from './simulated-time.ts';

const LOG_PATH = '/data/consensus.log';

export class SimulatedDisk {
  private readonly time: SimulatedTime;
  private readonly random: Random;
  private readonly disk: ForgetfulFiles;
  private writeMsMax: number;
  private content: MemoryContent = new Map();
  private life = 0;
  /** Set once a life has begun: what a node writes while it opens its data takes no time, as nothing waits for it. */
  private slow = false;

  constructor(time: SimulatedTime, random: Random, writeMsMax: number) {
    this.time = time;
    this.random = random;
    this.writeMsMax = writeMsMax;
    this.disk = new ForgetfulFiles({ random, pause: () => this.pause() });
  }

  private async pause(): Promise<void> {
    if (!this.slow) return;
    await new Promise<void>((done) => void this.time.after(this.random.next() * this.writeMsMax, done));
  }

  /** Pulls the plug: what runs on keeps a disk that nobody will read again. */
  crash(): void {
    this.life += 1;
    this.slow = false;
    this.content = new Map(this.content);
    this.disk.crash();
  }

  heal(): void {
    this.writeMsMax = Math.min(this.writeMsMax, HEALED_WRITE_MS_MAX);
  }

  /** From here on writes take their time. */
  begun(): void {
    this.slow = true;
  }

  async open(): Promise<{ readonly store: ChainStore; readonly log: WriteAheadLog }> {
    const { life } = this;
    const log = await openFileLog(LOG_PATH, { files: this.disk.files() });
    const store = await openMemoryStore(this.content);
    const commit: ChainStore['commit'] = async (blocks) => {
      // A batch may be on disk long before anybody is told.
      const early = this.random.chance(0.5);
      if (early && this.life === life) await store.commit(blocks);
      await this.pause();
      if (this.life !== life) throw new StoreError('CLOSED', 'the machine died');
      if (!early) await store.commit(blocks);
    };
    return { store: { ...store, commit }, log };
  }
}
