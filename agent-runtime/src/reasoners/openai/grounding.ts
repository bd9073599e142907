/**
 * Every service, metric and number that an answer cites must stand in what its tools returned (or in the task). The
 * check reads the whole answer as text: a number is a number wherever it is written.
 */

/** Small whole numbers count things and number lists; they claim nothing measured. */
const COUNTS_MAX = 20;

/** A number that is not part of a name (`v2`, `node-3`). */
const NUMBER = /(?<![\p{L}\d_.-])\d+(?:\.\d+)?/gu;
/** What looks like a service, endpoint or metric: words joined by a hyphen, underscore, dot or slash … */
const IDENTIFIER = '[A-Za-z][A-Za-z0-9]*(?:[-_./][A-Za-z0-9]+)+';
/** … when it is set apart as a name, or spelled as one. */
const QUOTED = new RegExp(`[\`"'“「]((?:${IDENTIFIER})|[A-Za-z][A-Za-z0-9]*)[\`"'”」]`, 'gu');
const BESIDE_NOUN = new RegExp(
  `(?:service|node|endpoint|服务|节点|端点)\\s*(${IDENTIFIER})|(${IDENTIFIER})\\s*(?:service|node|endpoint|服务|节点|端点)`,
  'gu',
);
const SNAKE_CASE = /\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/gu;
const HYPHENATED_SERVICE =
  /\b[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:service|svc|server|db|api|store|cache|gateway|queue)\b/gu;

/** @returns what the answer cites and the sources do not hold; empty when it is grounded */
export function ungrounded(answer: unknown, sources: readonly unknown[]): readonly string[] {
  const texts = stringsOf(sources);
  const numbers = new Set(texts.flatMap(numbersIn));
  const haystack = texts.join('\n');
  const said = stringsOf([answer]);
  const strange = said.flatMap(numbersIn).filter((number) => !numbers.has(number) && !isCount(number));
  const invented = said.flatMap(identifiersIn).filter((name) => !haystack.includes(name));
  return [...new Set([...invented, ...strange.map(String)])];
}

const isCount = (number: number): boolean => Number.isInteger(number) && number <= COUNTS_MAX;

const numbersIn = (text: string): readonly number[] => (text.match(NUMBER) ?? []).map(Number);

function identifiersIn(text: string): readonly string[] {
  const captured = [QUOTED, BESIDE_NOUN].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => match.slice(1).filter((name) => name !== undefined)),
  );
  return [...captured, ...(text.match(SNAKE_CASE) ?? []), ...(text.match(HYPHENATED_SERVICE) ?? [])];
}

/** All texts and numbers within a JSON value, property names too: metrics stand there. */
function stringsOf(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value): readonly string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'number') return numberTexts(value);
    if (Array.isArray(value)) return stringsOf(value);
    if (typeof value !== 'object' || value === null) return [];
    return [...Object.keys(value), ...stringsOf(Object.values(value))];
  });
}

/** A share may be quoted as thousandths, as a percentage or as a fraction: 675, 67.5 and 0.675 are one figure. */
function numberTexts(value: number): readonly string[] {
  return [value, value / 10, value / 1_000, value * 100].map((form) => String(Number(form.toPrecision(12))));
}
