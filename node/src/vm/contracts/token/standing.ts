/**
 * What accounts gave to each other. An account's tokens plus what it gave away, less what it was given, is what its own
 * doing has left it: no transfer changes that sum, so nobody becomes bankrupt by giving (ADR 0007).
 */
import type { StandingRecord } from '../../../protocol/records.ts';
import type { Address, Amount } from '../../../protocol/types.ts';
import type { StateDraft } from '../../state/draft.ts';

const UNKNOWN: StandingRecord = { sent: 0, rebootedAtMs: 0 };

export const standingOf = (draft: StateDraft, address: Address): StandingRecord =>
  draft.get('standing', address) ?? UNKNOWN;

/** Notes that tokens passed from one account to another, by whatever way. */
export function recordPassing(draft: StateDraft, from: Address, to: Address, amount: Amount): void {
  const giver = standingOf(draft, from);
  draft.set('standing', { ...giver, sent: giver.sent + amount }, from);
  const taker = standingOf(draft, to);
  draft.set('standing', { ...taker, sent: taker.sent - amount }, to);
}
