/**
 * The only code that moves tokens and reputation. Every function keeps the sum of all tokens: what leaves one record
 * enters another. None of it can be called by a transaction; contracts do.
 */
import { REPUTATION_MAX, REPUTATION_NEUTRAL } from '../../../protocol/constants.ts';
import type { AccountRecord, TreasuryRecord } from '../../../protocol/records.ts';
import type { Address, Amount, Hash } from '../../../protocol/types.ts';
import { ensure } from '../../errors.ts';
import { add, clamp, subtract } from '../../integers.ts';
import type { StateDraft } from '../../state/draft.ts';
import type { Effects } from '../call.ts';
import type { LockReason, OutcomeReason } from '../events.ts';

/** What a movement belongs to. The incident is empty for a motion. */
export interface ProposalRef {
  readonly incidentId: string;
  readonly proposalId: Hash;
}

const newAccount: AccountRecord = {
  balance: 0,
  stake: 0,
  locked: 0,
  bond: 0,
  reputation: REPUTATION_NEUTRAL,
  nonce: 0,
  reboots: 0,
  agent: null,
};

export const freeStake = (account: Pick<AccountRecord, 'stake' | 'locked'>): Amount => account.stake - account.locked;

/** The account, as a new one if nobody has used the address yet. */
export const accountAt = (draft: StateDraft, address: Address): AccountRecord =>
  draft.get('account', address) ?? newAccount;

export function changeTreasury(draft: StateDraft, change: (treasury: TreasuryRecord) => Partial<TreasuryRecord>): void {
  const treasury = draft.must('treasury');
  draft.set('treasury', { ...treasury, ...change(treasury) });
}

export function credit(draft: StateDraft, to: Address, amount: Amount): void {
  const account = accountAt(draft, to);
  draft.set('account', { ...account, balance: add(account.balance, amount) }, to);
}

/** The balance must cover it. */
export function debit(draft: StateDraft, from: Address, amount: Amount): void {
  const account = draft.must('account', from);
  draft.set('account', { ...account, balance: subtract(account.balance, amount) }, from);
}

export const creditTreasury = (draft: StateDraft, amount: Amount): void =>
  changeTreasury(draft, ({ balance }) => ({ balance: add(balance, amount) }));

export const debitTreasury = (draft: StateDraft, amount: Amount): void =>
  changeTreasury(draft, ({ balance }) => ({ balance: subtract(balance, amount) }));

/** Tokens that left a record are gone for good. */
export const burn = (draft: StateDraft, amount: Amount): void =>
  changeTreasury(draft, ({ burned }) => ({ burned: add(burned, amount) }));
/** Treasury to an account; the treasury must cover it. */
export function payFromTreasury(draft: StateDraft, to: Address, amount: Amount): void {
  changeTreasury(draft, ({ balance }) => ({ balance: subtract(balance, amount) }));
  credit(draft, to, amount);
}

/** Treasury to escrow. */
export const reserve = (draft: StateDraft, amount: Amount): void =>
  changeTreasury(draft, ({ balance, escrow }) => ({
    balance: subtract(balance, amount),
    escrow: add(escrow, amount),
  }));

/** Escrow to an account. */
export function payFromEscrow(draft: StateDraft, to: Address, amount: Amount): void {
  changeTreasury(draft, ({ escrow }) => ({ escrow: subtract(escrow, amount) }));
  credit(draft, to, amount);
}

/** Escrow back to the treasury. */
export const returnEscrow = (draft: StateDraft, amount: Amount): void =>
  changeTreasury(draft, ({ balance, escrow }) => ({
    balance: add(balance, amount),
    escrow: subtract(escrow, amount),
  }));

/** Free stake becomes locked. @throws ContractError INSUFFICIENT_STAKE */
export function lockStake(
  effects: Effects,
  address: Address,
  amount: Amount,
  reason: LockReason,
  ref: ProposalRef,
): void {
  const account = effects.draft.must('account', address);
  ensure(freeStake(account) >= amount, 'INSUFFICIENT_STAKE', `The free stake is ${freeStake(account)}, not ${amount}.`);
  effects.draft.set('account', { ...account, locked: add(account.locked, amount) }, address);
  effects.emit('StakeLocked', { address, amount, reason, ...ref });
}

/** Locked stake becomes free again. */
export function releaseStake(
  effects: Effects,
  address: Address,
  amount: Amount,
  reason: LockReason,
  ref: ProposalRef,
): void {
  const account = effects.draft.must('account', address);
  effects.draft.set('account', { ...account, locked: subtract(account.locked, amount) }, address);
  effects.emit('StakeReleased', { address, amount, reason, ...ref });
}

/** Locked stake leaves its account; the caller says where it goes. */
export function takeLocked(draft: StateDraft, address: Address, amount: Amount): void {
  const account = draft.must('account', address);
  const { stake, locked } = account;
  draft.set('account', { ...account, stake: subtract(stake, amount), locked: subtract(locked, amount) }, address);
}

/** Locked stake goes to the treasury. */
export function forfeitStake(
  effects: Effects,
  address: Address,
  amount: Amount,
  reason: LockReason,
  ref: ProposalRef,
): void {
  takeLocked(effects.draft, address, amount);
  creditTreasury(effects.draft, amount);
  effects.emit('StakeForfeited', { address, amount, reason, ...ref });
}

/** Adds points (or takes them, when negative) within 0..100. @returns the points that really moved */
export function changeReputation(
  effects: Effects,
  address: Address,
  points: number,
  reason: OutcomeReason,
  ref: ProposalRef,
): number {
  const account = effects.draft.must('account', address);
  const from = account.reputation;
  const to = clamp(from + points, 0, REPUTATION_MAX);
  if (to === from) return 0;
  effects.draft.set('account', { ...account, reputation: to }, address);
  effects.emit('ReputationChanged', { address, from, to, reason, ...ref });
  return to - from;
}

/**
 * Takes a fine from the balance, then from the free stake; what neither covers is not owed. It goes to the treasury.
 * @param points reputation to take as well
 */
export function penalise(
  effects: Effects,
  address: Address,
  fine: { readonly amount: Amount; readonly points: number },
  reason: OutcomeReason,
  ref: ProposalRef,
): void {
  const { draft } = effects;
  const account = draft.must('account', address);
  const fromBalance = Math.min(fine.amount, account.balance);
  const fromStake = Math.min(fine.amount - fromBalance, freeStake(account));
  const amount = add(fromBalance, fromStake);
  draft.set(
    'account',
    { ...account, balance: subtract(account.balance, fromBalance), stake: subtract(account.stake, fromStake) },
    address,
  );
  creditTreasury(draft, amount);
  const moved = changeReputation(effects, address, -fine.points, reason, ref);
  effects.emit('Penalty', { address, amount, reputation: Math.abs(moved), reason, ...ref });
}
