/** Mutations of byte strings: small damage, torn and spliced messages, and the numbers at which decoders break. */
import type { Random } from '../random.ts';

type Mutation = (random: Random, bytes: Uint8Array, others: readonly Uint8Array[]) => Uint8Array;

/** Insertions stay short: growth comes from repetition, and a run must stay quick. */
const INSERTED_BYTES_MAX = 64;
const REPEATS_MAX = 64;
/** Beyond this a mutation only shrinks: repeated repetition would double again and again. */
const MUTATED_BYTES_MAX = 2_097_152;
const MUTATIONS_AT_ONCE_MAX = 4;

/** Counts, offsets and lengths: nothing, one, around 2^31 and 2^32, and what a 16-bit reader takes for -1. */
const EXTREMES_32 = [0, 1, 3, 4, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff, 0x0010_0000] as const;
/** Heights, views and amounts: around the last exact integer of a double, and the ends of 64 bits. */
const EXTREMES_64 = [0n, 1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 2n, 2n ** 63n, 2n ** 64n - 1n] as const;

const pick = <T>(random: Random, values: readonly T[]): T => values[random.below(values.length)] as T; // never empty
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
export const randomBytes = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.below(256));

const flipBits: Mutation = (random, bytes) => {
  const changed = bytes.slice();
  for (let flips = 1 + random.below(8); flips > 0 && changed.length > 0; flips -= 1) {
    const at = random.below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  }
  return changed;
};
const truncate: Mutation = (random, bytes) => bytes.slice(0, random.below(bytes.length + 1));
const behead: Mutation = (random, bytes) => bytes.slice(random.below(bytes.length + 1));
const trail: Mutation = (random, bytes) => joined(bytes, randomBytes(random, 1 + random.below(INSERTED_BYTES_MAX)));
const insert: Mutation = (random, bytes) => {
  const at = random.below(bytes.length + 1);
  return joined(bytes.subarray(0, at), randomBytes(random, 1 + random.below(INSERTED_BYTES_MAX)), bytes.subarray(at));
};
const remove: Mutation = (random, bytes) => {
  const from = random.below(bytes.length + 1);
  const to = from + random.below(Math.min(INSERTED_BYTES_MAX, bytes.length - from) + 1);
  return joined(bytes.subarray(0, from), bytes.subarray(to));
};
const splice: Mutation = (random, bytes, others) => {
  const other = pick(random, others);
  const cut = other.subarray(random.below(other.length + 1));
  return joined(bytes.subarray(0, random.below(bytes.length + 1)), cut);
};
const repeat: Mutation = (random, bytes) => {
  const from = random.below(bytes.length + 1);
  const part = bytes.subarray(from, from + 1 + random.below(bytes.length - from + 1));
  const times = Math.min(REPEATS_MAX, Math.floor(MUTATED_BYTES_MAX / (part.length + 1)));
  return joined(bytes.subarray(0, from), ...Array(1 + random.below(times)).fill(part), bytes.subarray(from));
};
const tag: Mutation = (random, bytes) => joined(Uint8Array.of(random.below(256)), bytes.subarray(1));
const fill: Mutation = (random, bytes) => {
  const from = random.below(bytes.length + 1);
  return bytes.slice().fill(pick(random, [0, 1, 0x7f, 0xff]), from, from + 1 + random.below(INSERTED_BYTES_MAX));
};

/** Overwrites four bytes with an extreme, or with a number close to the message's own length. */
const extreme32: Mutation = (random, bytes) => {
  if (bytes.length < 4) return bytes;
  const changed = bytes.slice();
  const near = [bytes.length, bytes.length - 1, bytes.length + 1, bytes.length * 2];
  const at = random.below(bytes.length - 3);
  new DataView(changed.buffer).setUint32(at, pick(random, [...EXTREMES_32, ...near]), random.chance(0.8));
  return changed;
};
const extreme64: Mutation = (random, bytes) => {
  if (bytes.length < 8) return bytes;
  const changed = bytes.slice();
  // Most fixed fields lie within the first bytes of a message.
  const at = random.below(random.chance(0.5) ? Math.min(64, bytes.length - 7) : bytes.length - 7);
  new DataView(changed.buffer).setBigUint64(at, pick(random, EXTREMES_64), true);
  return changed;
};

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  ...{ flipBits, truncate, behead, trail, insert, remove, splice, repeat, tag, fill, extreme32, extreme64 },
};

/** One of the samples with one to four mutations; now and then noise that never was a message. */
export function mutated(random: Random, samples: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.02)) return randomBytes(random, random.below(512));
  let bytes = pick(random, samples);
  for (let left = 1 + random.below(MUTATIONS_AT_ONCE_MAX); left > 0; left -= 1) {
    bytes = pick(random, Object.values(MUTATIONS))(random, bytes, samples).slice(0, MUTATED_BYTES_MAX);
  }
  return bytes;
}
