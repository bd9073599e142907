/** How the fields of an event are shown: told from the name of the field and the form of the value. */
export type FieldShape =
  | 'transaction'
  | 'hash'
  | 'address'
  | 'time'
  | 'duration'
  | 'amount'
  | 'weight'
  | 'percent'
  | 'code'
  | 'answer'
  | 'text'
  | 'json';

const HASH = /^[0-9a-f]{64}$/;
const ADDRESS = /^[0-9a-f]{40}$/;

/** Voting weights, held in thousandths. */
const WEIGHTS: ReadonlySet<string> = new Set([
  'weight',
  'weightFor',
  'weightAgainst',
  'weightAbstain',
  'eligible',
  'committedWeight',
]);

/** Fields whose texts are codes of the protocol, translated by field and code. */
const CODES: ReadonlySet<string> = new Set(['reason', 'option', 'step', 'faultKind', 'votingMode']);

/** Milliseconds since the epoch later than 2001: a length of time is never that long. */
const TIME_MS_MIN = 1_000_000_000_000;

function shapeOfText(field: string, value: string): FieldShape {
  if (HASH.test(value)) return field === 'transaction' ? 'transaction' : 'hash';
  if (ADDRESS.test(value)) return 'address';
  return CODES.has(field) ? 'code' : 'text';
}

function shapeOfNumber(field: string, value: number): FieldShape {
  if (WEIGHTS.has(field)) return 'weight';
  if (field.endsWith('Thousandths') || field === 'probability') return 'percent';
  if (field.endsWith('Ms')) return value >= TIME_MS_MIN ? 'time' : 'duration';
  return 'amount';
}

export function shapeOf(field: string, value: unknown): FieldShape {
  switch (typeof value) {
    case 'string':
      return shapeOfText(field, value);
    case 'number':
      return shapeOfNumber(field, value);
    case 'boolean':
      return 'answer';
    default:
      return 'json';
  }
}
