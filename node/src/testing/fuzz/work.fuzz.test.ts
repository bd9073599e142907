import { describe, expect, test } from 'vitest';
import { type Decoder, decoders } from './decoders.ts';
import { stepsOf } from './footprint.ts';
import { fuzzSamples } from './samples.ts';

const all = await decoders(fuzzSamples());

/** Decodes, or is refused: either takes steps. */
function read({ decode }: Decoder, bytes: Uint8Array): void {
  try {
    decode(bytes);
  } catch {
    // What is thrown is the matter of another test.
  }
}

/** Steps that other code of the process may take at the same time: timers of the test runner. The least of a few has fewest. */
const STEPS_AROUND = 2_000;
const ATTEMPTS = 3;

async function leastSteps(decoder: Decoder, bytes: Uint8Array): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    least = Math.min(least, await stepsOf(() => read(decoder, bytes)));
  }
  return least;
}

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
    const first = await leastSteps(decoder, once);
    const second = await leastSteps(decoder, twice);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(2.2 * first + STEPS_AROUND);
  });
});
