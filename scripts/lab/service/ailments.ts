/**
 * The faults inside one service's process, as they are at the moment. They are real: the busy loop takes this process's
 * processor, the leak fills this process's heap, the crash ends it; nothing outside is touched.
 */
import type { Fault, FaultName } from '../faults.ts';

/** The busy loop works in slices, so that requests still come through between them, late. */
const BURN_SLICE_MS = 320;
const LEAK_EVERY_MS = 100;
const BYTES_PER_MB = 1_000_000;
/** Bytes of one leaked object: small ones, for the collector has to visit each. */
const LEAKED_OBJECT_BYTES = 64;

export class InjectedError extends Error {
  override readonly name = 'InjectedError';
}

export type Ailments = {
  readonly set: (faults: readonly Fault[]) => void;
  /** Strength of a fault, 0 when it is not injected. */
  readonly strength: (name: FaultName) => number;
  /** Faults of the given kind on the link to a callee. */
  readonly onLink: (name: FaultName, callee: string) => number;
};

export function createAilments(onChange: () => void, beforeCrash: () => void): Ailments {
  let faults: readonly Fault[] = [];
  let stop: (() => void)[] = [];
  const strength = (name: FaultName): number => faults.find((fault) => fault.name === name)?.strength ?? 0;
  return {
    strength,
    onLink: (name, callee) =>
      faults.find((fault) => fault.name === name && fault.target.endsWith(`>${callee}`))?.strength ?? 0,
    set: (next) => {
      for (const end of stop) end();
      faults = next;
      stop = [
        burning(strength('cpu')),
        leaking(strength('memory')),
        ...(strength('crash') > 0 ? [crashing(strength('crash'), beforeCrash)] : []),
      ];
      onChange();
    },
  };
}

/** @param share of the time that the loop is busy */
function burning(share: number): () => void {
  if (share <= 0) return () => {};
  const pauseMs = BURN_SLICE_MS * (1 / Math.min(share, 0.98) - 1);
  let timer = setTimeout(function burn() {
    const end = performance.now() + BURN_SLICE_MS;
    let sink = 0;
    while (performance.now() < end) sink = Math.sqrt(sink + 1);
    timer = setTimeout(burn, pauseMs);
  }, pauseMs);
  return () => clearTimeout(timer);
}

function leaking(megabytesPerSecond: number): () => void {
  if (megabytesPerSecond <= 0) return () => {};
  let leaked: object[][] = [];
  const objects = (megabytesPerSecond * BYTES_PER_MB * (LEAK_EVERY_MS / 1_000)) / LEAKED_OBJECT_BYTES;
  const timer = setInterval(() => {
    leaked.push(Array.from({ length: objects }, (_, index) => ({ index, at: Date.now(), text: `${index}` })));
  }, LEAK_EVERY_MS);
  return () => {
    clearInterval(timer);
    leaked = [];
  };
}

function crashing(afterSeconds: number, before: () => void): () => void {
  const timer = setTimeout(() => {
    before();
    // Lets the last log line out; whoever is being served sees the connection break.
    setTimeout(() => process.exit(1), 20);
  }, afterSeconds * 1_000);
  return () => clearTimeout(timer);
}
