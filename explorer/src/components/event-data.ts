/** How the fields of an event are shown: told from the name of the field and the form of the value. */
import type { NameGroup } from '../lib/i18n/use-i18n.ts';

/** A parameter by its path, and what it is set to. */
export interface ParamMove {
  readonly name: string;
  readonly to: number | string;
  /** What held before, where that is known. */
  readonly from?: number | string;
}

export type FieldShape =
  | 'transaction'
  | 'incident'
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
const INCIDENT = /^INC-\d+$/;

/** Voting weights, held in thousandths. */
const WEIGHTS: ReadonlySet<string> = new Set([
  'weight',
  'weightFor',
  'weightAgainst',
  'weightAbstain',
  'eligible',
  'committedWeight',
]);

/** Fields whose texts are codes of the protocol, with the group of names that translates them. */
export const CODE_GROUPS: Readonly<Record<string, NameGroup>> = {
  reason: 'value',
  option: 'value',
  votingMode: 'value',
  step: 'step',
  faultKind: 'faultKind',
  type: 'type',
  code: 'value',
  result: 'value',
  next: 'stage',
  by: 'decider',
  decidedBy: 'decider',
};

/** Milliseconds since the epoch later than 2001: a length of time is never that long. */
const TIME_MS_MIN = 1_000_000_000_000;

function shapeOfText(field: string, value: string): FieldShape {
  if (HASH.test(value)) return field === 'transaction' ? 'transaction' : 'hash';
  if (ADDRESS.test(value)) return 'address';
  if (field === 'incidentId' && INCIDENT.test(value)) return 'incident';
  return value !== '' && Object.hasOwn(CODE_GROUPS, field) ? 'code' : 'text';
}

function shapeOfNumber(field: string, value: number): FieldShape {
  if (WEIGHTS.has(field)) return 'weight';
  if (field.endsWith('Thousandths') || field === 'probability') return 'percent';
  if (field.endsWith('Ms')) return value >= TIME_MS_MIN ? 'time' : 'duration';
  return 'amount';
}

/** Changes of parameters, as a motion proposes them or as they took effect; null for anything else. */
export function changesIn(value: unknown): readonly ParamMove[] | null {
  if (!Array.isArray(value)) return null;
  const moves = value.flatMap((one: unknown): ParamMove[] => {
    const { name, value: to, from } = (one ?? {}) as { readonly [key: string]: unknown };
    if (typeof name !== 'string' || !isSetting(to)) return [];
    return [{ name, to, ...(isSetting(from) && { from }) }];
  });
  return moves.length === value.length ? moves : null;
}

const isSetting = (value: unknown): value is number | string => typeof value === 'number' || typeof value === 'string';

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
