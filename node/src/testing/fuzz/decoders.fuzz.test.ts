import { describe, expect, test } from 'vitest';
import { type Decoder, decoders } from './decoders.ts';
import { allocatedBytes, footprint, stepsOf } from './footprint.ts';
import { mutated } from './mutate-bytes.ts';
import { mutatedJson } from './mutate-json.ts';
import { fuzz } from './runs.ts';
import { fuzzSamples } from './samples.ts';

const RUNS = 400;
/** Large values are slow to mutate and to read: fewer of them by default. */
const RUNS_LARGE = 60;
const LARGE_BYTES = 20_000;
/** Bytes that any decoder may take whatever it is given: tables, and the message of an error. */
const MEMORY_CONSTANT = 16_384;

const all = await decoders(fuzzSamples());
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A value, or one of the decoder's own errors. */
function outcomeOf({ decode, errors }: Decoder, bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: decode(bytes) };
  } catch (error) {
    if (errors.some((known) => error instanceof known)) return undefined;
    throw error;
  }
}

describe.each(all)('the decoder of $name', (decoder) => {
  const { samples, encode, memoryFactor } = decoder;
  const runs = (samples[0]?.length ?? 0) > LARGE_BYTES ? RUNS_LARGE : RUNS;
  const check = (bytes: Uint8Array): void => {
    const before = bytes.slice();
    let outcome: ReturnType<typeof outcomeOf>;
    const allocated = allocatedBytes(() => {
      outcome = outcomeOf(decoder, bytes);
    });
    const allowed = memoryFactor * bytes.length + MEMORY_CONSTANT;
    if (allocated > allowed) throw new Error(`${allocated} bytes allocated for ${bytes.length}`);
    if (Buffer.compare(before, bytes) !== 0) throw new Error('changed its input');
    if (!outcome) return;
    const held = footprint(outcome.value);
    if (held > allowed) throw new Error(`${held} bytes held for ${bytes.length}`);
    if (encode && Buffer.compare(encode(outcome.value as never), bytes) !== 0) throw new Error('is not canonical');
  };

  test('reads what was encoded', () => {
    for (const sample of samples) expect(outcomeOf(decoder, sample)).toBeDefined();
    samples.forEach(check);
  });

  test('survives mutated input', () => {
    const texts = decoder.json ? samples.map(textOf) : [];
    fuzz(decoder.name, runs, (random) => {
      const asText = decoder.json && random.chance(0.7);
      check(asText ? new TextEncoder().encode(mutatedJson(random, texts)) : mutated(random, samples));
    });
  });
});

/** Steps that other code of the process may take at the same time: timers of the test runner. */
const STEPS_AROUND = 2_000;

/** The same values in twice the number, for the decoders that read lists. */
const growing: readonly (readonly [name: string, atSize: (size: number) => Uint8Array])[] = [
  ['canonical JSON', (size) => new TextEncoder().encode(JSON.stringify(Array.from({ length: size }, (_, i) => i)))],
  ['canonical JSON', (size) => new TextEncoder().encode(`${'['.repeat(size)}${']'.repeat(size)}`)],
  ['stored receipts', (size) => repeated('stored receipts', size)],
  ['log file', (size) => repeated('log file', size)],
  ['log file', (size) => new Uint8Array(size * 100).fill(1)],
  ['block', (size) => blockOf(size)],
];
const named = (name: string): Decoder => all.find((one) => one.name === name) ?? expect.fail(name);
const repeated = (name: string, times: number): Uint8Array =>
  new Uint8Array(Buffer.concat(Array(times).fill(named(name).samples[0])));
function blockOf(transactions: number): Uint8Array {
  const { decode, encode } = named('block');
  const filled = named('block').samples.map((bytes) => decode(bytes) as { readonly transactions: readonly unknown[] });
  const block = filled.find((one) => one.transactions.length > 0) ?? expect.fail('a block with a transaction');
  return (
    encode?.({ ...block, transactions: Array(transactions).fill(block.transactions[0]) } as never) ?? expect.fail()
  );
}

describe('the work of a decoder', () => {
  test.each(growing)('grows no faster than its input: %s', async (name, atSize) => {
    const decoder = named(name);
    const [once, twice] = [atSize(200), atSize(400)];
    const first = await stepsOf(() => outcomeOf(decoder, once));
    const second = await stepsOf(() => outcomeOf(decoder, twice));
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(2.2 * first + STEPS_AROUND);
  });
});
