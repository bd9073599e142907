import { describe, expect, test } from 'vitest';
import { type Decoder, decoders } from './decoders.ts';
import { allocatedBytes, footprint } from './footprint.ts';
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
