/**
 * Every service, metric and number that an answer cites must stand in what its tools returned (or in the task). The
 * check reads the whole answer as text: a number is a number wherever it is written, in whatever digits.
 */

/** Small whole numbers count things and number lists; they claim nothing measured … */
const COUNTS_MAX = 20;
/** … unless a unit follows. */
const UNIT = String.raw`\s*(?:%|‰|[nμm]?s\b|sec|min|hours?\b|[kKMGT]i?B\b|bytes\b|rps\b|qps\b|毫秒|微秒|秒|分钟|小时|倍|times\b|percent)`;

/**
 * A number that is no part of a name (`v2`, `node-3`, `p95`). Thousands may be set apart by commas, a thousand may be
 * a k, and an exponent belongs to it.
 */
const NUMBER = new RegExp(
  String.raw`(?<![\p{L}\d_]|\p{L}[.-]|\d\.)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(e[+-]?\d+\b|[kM]\b)?(${UNIT})?`,
  'gu',
);
const FACTOR: Readonly<Record<string, string>> = { k: 'e3', M: 'e6' };
/** What looks like a service, endpoint or metric: words joined by a hyphen, underscore, dot or slash … */
const IDENTIFIER = '[A-Za-z][A-Za-z0-9]*(?:[-_./][A-Za-z0-9]+)+';
/** … when it is set apart as a name, or spelled as one. */
const QUOTED = new RegExp(`[\`"'“「]((?:${IDENTIFIER})|[A-Za-z][A-Za-z0-9]*)[\`"'”」]`, 'gu');
const BESIDE_NOUN = new RegExp(
  `(?:service|node|endpoint|服务|节点|端点)\\s*(${IDENTIFIER})|(${IDENTIFIER})\\s*(?:service|node|endpoint|服务|节点|端点)`,
  'gu',
);
const SNAKE_CASE = /\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/gu;
const PARTS = 'service|svc|server|db|api|store|cache|gateway|queue';
const HYPHENATED_SERVICE = new RegExp(`\\b[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:${PARTS})\\b`, 'gu');
const CAMEL_CASE_SERVICE =
  /\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)*(?:Service|Svc|Server|Db|DB|Api|API|Store|Cache|Gateway|Queue)\b/gu;

/** @returns what the answer cites and the sources do not hold; empty when it is grounded */
export function ungrounded(answer: unknown, sources: readonly unknown[]): readonly string[] {
  const texts = stringsOf(sources);
  const numbers = new Set(texts.flatMap((text) => numbersIn(text).map(({ value }) => value)));
  const haystack = texts.join('\n');
  const said = stringsOf([answer], (value) => [String(value)]);
  const strange = said
    .flatMap(numbersIn)
    .filter(({ value, measured }) => !numbers.has(value) && (measured || !isCount(value)));
  const invented = said.flatMap(identifiersIn).filter((name) => !haystack.includes(name));
  return [...new Set([...invented, ...strange.map(({ value }) => String(value))])];
}

interface Figure {
  readonly value: number;
  /** A unit stands behind it. */
  readonly measured: boolean;
}

const isCount = (number: number): boolean => Number.isInteger(number) && number <= COUNTS_MAX;

function numbersIn(text: string): readonly Figure[] {
  // Full-width and other digits are digits, too.
  return [...text.normalize('NFKC').matchAll(NUMBER)].map(([, digits = '', tail = '', unit]) => ({
    value: Number(digits.replaceAll(',', '') + (FACTOR[tail] ?? tail)),
    measured: unit !== undefined || tail !== '',
  }));
}

function identifiersIn(text: string): readonly string[] {
  const captured = [QUOTED, BESIDE_NOUN].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => match.slice(1).filter((name) => name !== undefined)),
  );
  const spelled = [SNAKE_CASE, HYPHENATED_SERVICE, CAMEL_CASE_SERVICE].flatMap((pattern) => text.match(pattern) ?? []);
  return [...captured, ...spelled];
}

/** All texts and numbers within a JSON value, property names too: metrics stand there. */
function stringsOf(values: readonly unknown[], textsOf = numberTexts): readonly string[] {
  return values.flatMap((value): readonly string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'number') return textsOf(value);
    if (Array.isArray(value)) return stringsOf(value, textsOf);
    if (typeof value !== 'object' || value === null) return [];
    return [...Object.keys(value), ...stringsOf(Object.values(value), textsOf)];
  });
}

/** A share may be quoted as thousandths, as a percentage or as a fraction: 675, 67.5 and 0.675 are one figure. */
function numberTexts(value: number): readonly string[] {
  return [value, value / 10, value / 1_000, value * 100].map((form) => String(Number(form.toPrecision(12))));
}
