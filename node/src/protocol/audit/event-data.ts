/** Fields of an event's data, read with a check: an event is open JSON, and another version may have other fields. */
import type { ContractEvent } from '../types.ts';
import { check } from './errors.ts';

export function textOfEvent({ name, data }: ContractEvent, field: string): string {
  const value = data[field];
  check(typeof value === 'string', `the event ${name} has no text ${field}`);
  return value;
}

export function numberOfEvent({ name, data }: ContractEvent, field: string): number {
  const value = data[field];
  check(typeof value === 'number', `the event ${name} has no number ${field}`);
  return value;
}

/** Events with one of these names. */
export const named = <T extends ContractEvent>(events: readonly T[], ...names: readonly string[]): readonly T[] =>
  events.filter(({ name }) => names.includes(name));

/** Events of one claim. */
export const ofProposal = <T extends ContractEvent>(events: readonly T[], proposalId: string): readonly T[] =>
  events.filter(({ data }) => data.proposalId === proposalId);
