/** What decoding costs: memory that a value holds, bytes that were allocated, and steps of code that ran. */
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';

/** Bytes that a value keeps alive, roughly as V8 lays them out. Shared parts count once. */
export function footprint(value: unknown, seen: Set<unknown> = new Set()): number {
  if (typeof value === 'string') return 16 + value.length * 2;
  if (typeof value !== 'object' || value === null) return 8;
  if (seen.has(value)) return 8;
  seen.add(value);
  if (value instanceof Uint8Array) {
    const whole = seen.has(value.buffer) ? 0 : value.buffer.byteLength;
    seen.add(value.buffer);
    return 96 + whole;
  }
  const parts = Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)];
  return parts.reduce<number>((sum, part) => sum + 8 + footprint(part, seen), 32);
}

const METERED = ['Uint8Array', 'Uint32Array', 'Float64Array', 'ArrayBuffer'] as const;
type Constructor = new (...args: readonly unknown[]) => ArrayBufferLike | ArrayBufferView;

/** Bytes of buffers that are constructed by a length, also where the construction fails because nothing is so large. */
export function allocatedBytes(work: () => void): number {
  let bytes = 0;
  const originals = METERED.map((name) => [name, globalThis[name] as unknown as Constructor] as const);
  const metered = (original: Constructor): Constructor =>
    new Proxy(original, {
      construct(target, args, newTarget) {
        const unit = 'BYTES_PER_ELEMENT' in target ? Number(target.BYTES_PER_ELEMENT) : 1;
        if (typeof args[0] === 'number') bytes += args[0] * unit;
        return Reflect.construct(target, args, newTarget);
      },
    });
  try {
    for (const [name, original] of originals) Object.assign(globalThis, { [name]: metered(original) });
    work();
  } finally {
    for (const [name, original] of originals) Object.assign(globalThis, { [name]: original });
  }
  return bytes;
}

/**
 * Code that V8 optimizes loses counts: what is inlined counts with nobody, and what is compiled anew begins at zero.
 * Interpreted code counts exactly. The flags are the whole process's, so they last no longer than the measurement.
 */
async function interpreted<T>(work: () => Promise<T>): Promise<T> {
  for (const flag of ['--no-opt', '--no-maglev', '--no-flush-bytecode']) setFlagsFromString(flag);
  try {
    return await work();
  } finally {
    for (const flag of ['--opt', '--flush-bytecode']) setFlagsFromString(flag);
  }
}

/**
 * Blocks of JavaScript that ran, counted by V8 itself: the same on every machine and under any load, but for what the
 * process does beside it meanwhile. What the engine does natively (JSON, hashing, copying) does not count.
 */
export function stepsOf(work: () => void): Promise<number> {
  return interpreted(async () => {
    const session = new Session();
    session.connect();
    try {
      await session.post('Profiler.enable');
      await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
      // The first run compiles with counters what was compiled without them.
      work();
      await session.post('Profiler.takePreciseCoverage');
      work();
      const { result } = await session.post('Profiler.takePreciseCoverage');
      const ranges = result.flatMap(({ functions }) => functions).flatMap((one) => one.ranges);
      return ranges.reduce((sum, { count }) => sum + count, 0);
    } finally {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    }
  });
}
