/** Which transactions and receipts of the chain belong to an incident. */

import { utf8Bytes } from '../bytes.ts';
import { type CallArgs, type CallType, callSchemas, isCallType } from '../calls.ts';
import { canonicalBytes, parseCanonical } from '../canonical.ts';
import { hashBytes } from '../hashing.ts';
import type { Address, Hash, Receipt, UnsignedTransaction } from '../types.ts';

export type AuditCall = { readonly [T in CallType]: { readonly type: T; readonly args: CallArgs[T] } }[CallType];

/** The call that a transaction makes; undefined when it is none, which no certified block holds. */
export function callOf({ type, args }: Pick<UnsignedTransaction, 'type' | 'args'>): AuditCall | undefined {
  if (!isCallType(type)) return undefined;
  try {
    const parsed = callSchemas[type].safeParse(parseCanonical(utf8Bytes(args)));
    return parsed.success ? ({ type, args: parsed.data } as AuditCall) : undefined;
  } catch {
    return undefined;
  }
}

/** Id of the alert that an observation makes: the same for every observer (contract `raise_alert`). */
export const alertIdOf = ({ node, metric, atMs, source }: Omit<CallArgs['raise_alert'], 'title'>): Hash =>
  hashBytes(canonicalBytes({ node, metric, atMs, source }));

/** Id of a claim (contract `propose_root_cause`). */
export const proposalIdOf = (
  claim: Pick<CallArgs['propose_root_cause'], 'incidentId' | 'rootCause'> & {
    readonly round: number;
    readonly proposer: Address;
  },
): Hash => {
  const { incidentId, round, proposer, rootCause } = claim;
  return hashBytes(canonicalBytes({ incidentId, round, proposer, rootCause }));
};

/** Id of a challenge (contract `challenge`). @param number how many challenges the incident had before */
export const challengeIdOf = (challenge: {
  readonly incidentId: string;
  readonly claim: Hash;
  readonly challenger: Address;
  readonly number: number;
}): Hash => {
  const { incidentId, claim, challenger, number } = challenge;
  return hashBytes(canonicalBytes({ incidentId, claim, challenger, number }));
};

export interface CaseIds {
  readonly incidentId: string;
  readonly alertId: Hash;
  /** Its claims and challenges: what votes name. */
  readonly polls: readonly Hash[];
}

/** Tells whether a call names the incident, its alert, or a claim or challenge in it. */
export function concerns(call: AuditCall, ids: CaseIds): boolean {
  switch (call.type) {
    case 'transfer':
    case 'stake':
    case 'unstake':
    case 'bond':
    case 'unbond':
    case 'submit_equivocation':
    case 'propose_parameters':
    case 'propose_spending':
      return false;
    case 'raise_alert':
      return alertIdOf(call.args) === ids.alertId;
    case 'triage':
      return call.args.alertId === ids.alertId;
    case 'vote':
    case 'reveal_vote':
      return ids.polls.includes(call.args.proposalId);
    default:
      return call.args.incidentId === ids.incidentId;
  }
}

/** Tells whether a block's own receipt did something to the incident. */
export const touches = ({ events }: Pick<Receipt, 'events'>, incidentId: string): boolean =>
  events.some(({ data }) => data.incidentId === incidentId);
