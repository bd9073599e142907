/** Mutations of JSON texts that keep them JSON, so that they reach the schema behind the parser. */
import type { Random } from '../random.ts';

const pick = <T>(random: Random, values: readonly T[]): T => values[random.below(values.length)] as T; // never empty

const NESTING = 20_000;
const REPEATS_MAX = 2_000;

/** Values that stand where another was expected, as JSON text: some of them are legal JSON that no value would give. */
const SCALARS: readonly string[] = [
  ...['null', 'true', '0', '-0', '-1', '1.5', '1e999', '1E2', '9007199254740993', '9007199254740991'],
  ...['""', '"\\u0000"', '"\\ud800"', '"0x10"', `"${'f'.repeat(64)}"`, `"${'z'.repeat(70_000)}"`],
  ...['[]', '{}', '[[]]', '{"":0}', '{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{}}}'],
  ...['{"toJSON":1}', '{"a":1,"a":2}', '{"b":1,"a":2}', `${'['.repeat(NESTING)}${']'.repeat(NESTING)}`],
  `${'{"a":'.repeat(NESTING)}1${'}'.repeat(NESTING)}`,
];

/** Where a scalar, a string or a key starts and ends in JSON text. */
function tokens(text: string): readonly { readonly from: number; readonly to: number }[] {
  const found = text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null/g);
  return [...found].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

const replaceToken = (random: Random, text: string): string => {
  const all = tokens(text);
  if (all.length === 0) return text;
  const { from, to } = pick(random, all);
  return text.slice(0, from) + pick(random, SCALARS) + text.slice(to);
};
const swapTokens = (random: Random, text: string): string => {
  const all = tokens(text);
  if (all.length === 0) return text;
  const a = pick(random, all);
  const b = pick(random, all);
  return text.slice(0, a.from) + text.slice(b.from, b.to) + text.slice(a.to);
};
/** Repeats an element of an array or a member of an object: duplicate keys, and lists beyond their limit. */
const repeatElement = (random: Random, text: string): string => {
  const commas = [...text.matchAll(/,/g)].map(({ index }) => index);
  if (commas.length < 2) return text;
  const place = random.below(commas.length - 1);
  const from = commas[place] as number; // place is within
  const element = text.slice(from, commas[place + 1]);
  return (
    text.slice(0, from) + element.repeat(1 + random.below(random.chance(0.1) ? REPEATS_MAX : 3)) + text.slice(from)
  );
};
const addMember = (random: Random, text: string): string => {
  const braces = [...text.matchAll(/[{[]/g)].map(({ index }) => index);
  if (braces.length === 0) return text;
  const at = pick(random, braces) + 1;
  const isObject = text[at - 1] === '{';
  const member = `${isObject ? `${pick(random, ['"zz"', '"__proto__"', '"version"'])}:` : ''}${pick(random, SCALARS)}`;
  return `${text.slice(0, at)}${member}${/^\s*[}\]]/.test(text.slice(at)) ? '' : ','}${text.slice(at)}`;
};
const space = (random: Random, text: string): string => {
  const at = random.below(text.length + 1);
  return `${text.slice(0, at)}${pick(random, [' ', '\n', '\t', '\ufeff'])}${text.slice(at)}`;
};

const MUTATIONS = [replaceToken, swapTokens, repeatElement, addMember, space];

/** One of the texts with one to three mutations. */
export function mutatedJson(random: Random, samples: readonly string[]): string {
  let text = pick(random, samples);
  for (let left = 1 + random.below(3); left > 0; left -= 1) text = pick(random, MUTATIONS)(random, text);
  return text;
}
