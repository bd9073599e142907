/**
 * A disk that forgets: what was written and not synced is lost when the power goes, all of it, none, the end of it, or
 * any sectors in between. Names (new files, renames, removals) are remembered only once their directory was synced.
 * The real storage code runs over it unchanged.
 */
import { dirname } from 'node:path';
import type { Files, OpenFile } from '../../storage/index.ts';
import type { Random } from '../random.ts';

/** Bytes that a disk writes whole or not at all. */
const SECTOR_BYTES = 512;

/** One file: what a reader sees now, and what is on the disk for certain. */
interface Inode {
  seen: Uint8Array;
  durable: Uint8Array;
}

type Names = Map<string, Inode>;

/** How much of what was not synced survives a crash. */
const FATES = ['all', 'none', 'prefix', 'sectors', 'garbage'] as const;

function fitted(bytes: Uint8Array, size: number): Uint8Array {
  const fit = new Uint8Array(size);
  fit.set(bytes.subarray(0, size));
  return fit;
}

/** What stands on the disk after the crash: between `durable` and `seen`. */
function afterCrash({ seen, durable }: Inode, random: Random): Uint8Array {
  const fate = FATES[random.below(FATES.length)];
  if (fate === 'all') return seen.slice();
  if (fate === 'none') return durable.slice();
  const size = seen.length < durable.length || random.chance(0.7) ? seen.length : durable.length;
  const cut = durable.length + random.below(Math.max(1, seen.length - durable.length));
  const bytes = fitted(durable, size);
  for (let at = 0; at < size; at += SECTOR_BYTES) {
    const end = Math.min(at + SECTOR_BYTES, size);
    const arrives = fate === 'prefix' ? end <= cut : random.chance(0.5);
    if (arrives) bytes.set(fitted(seen, size).subarray(at, end), at);
  }
  if (fate === 'prefix') return fitted(seen, Math.min(cut, seen.length));
  // A sector that was being written may hold anything, behind what was synced.
  if (fate === 'garbage') for (let at = durable.length; at < size; at += 1) bytes[at] = random.below(256);
  return bytes;
}

export interface ForgetfulOptions {
  readonly random: Random;
  /** How long a sync takes. At once when absent. */
  readonly pause?: () => Promise<void>;
}

/** Several lives of one disk. Files that a life before the last crash holds open reach nothing any more. */
export class ForgetfulFiles {
  private readonly options: ForgetfulOptions;
  private seen: Names = new Map();
  private durable: Names = new Map();
  private life = 0;

  constructor(options: ForgetfulOptions) {
    this.options = options;
  }

  /** The power goes: whoever waits for a sync waits for ever, and what comes back is what the disk remembers. */
  crash(): void {
    const { random } = this.options;
    this.life += 1;
    const names = new Set([...this.seen.keys(), ...this.durable.keys()]);
    const kept: Names = new Map();
    for (const name of names) {
      const inode = random.chance(0.5) ? this.durable.get(name) : this.seen.get(name);
      if (inode) kept.set(name, inode);
    }
    for (const inode of new Set(kept.values())) {
      inode.durable = afterCrash(inode, random);
      inode.seen = inode.durable.slice();
    }
    this.seen = kept;
    this.durable = new Map(kept);
  }

  /** What a process that starts now works with. Nothing that it does after the crash reaches the disk. */
  files(): Files {
    const { life } = this;
    /** Checked and changed in one go: nothing happens between. */
    const act: Act = async (change) => (this.life === life ? change() : new Promise<never>(() => {}));
    const sync: Act = async (change) => {
      await this.options.pause?.();
      return act(change);
    };
    const isIn = (directory: string) => (name: string) => dirname(name) === directory;
    return {
      read: (path) => act(() => this.seen.get(path)?.seen.slice()),
      open: (path) =>
        act(() => {
          const inode = this.seen.get(path);
          return inode && openFile(inode, act, sync);
        }),
      create: (path) =>
        act(() => {
          const inode = this.seen.get(path) ?? { seen: new Uint8Array(), durable: new Uint8Array() };
          inode.seen = new Uint8Array();
          this.seen.set(path, inode);
          return openFile(inode, act, sync);
        }),
      makeDirectory: async () => {},
      list: (directory) => act(() => [...this.seen.keys()].filter(isIn(directory))),
      rename: (from, to) =>
        act(() => {
          const inode = this.seen.get(from);
          if (!inode) throw new Error(`ENOENT: ${from}`);
          this.seen.delete(from);
          this.seen.set(to, inode);
        }),
      remove: (path) => act(() => void this.seen.delete(path)),
      syncDirectory: (path) =>
        sync(() => {
          for (const name of [...this.durable.keys()].filter(isIn(path))) this.durable.delete(name);
          for (const [name, inode] of this.seen) if (isIn(path)(name)) this.durable.set(name, inode);
        }),
    };
  }
}

type Act = <T>(change: () => T) => Promise<T>;

function openFile(inode: Inode, act: Act, sync: Act): OpenFile {
  return {
    write: (bytes, position) =>
      act(() => {
        inode.seen = fitted(inode.seen, Math.max(inode.seen.length, position + bytes.length));
        inode.seen.set(bytes, position);
      }),
    truncate: (size) =>
      act(() => {
        inode.seen = fitted(inode.seen, size);
      }),
    sync: () =>
      sync(() => {
        inode.durable = inode.seen.slice();
      }),
    close: async () => {},
  };
}
