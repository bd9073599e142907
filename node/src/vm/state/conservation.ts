/**
 * Conservation of tokens: balances + stakes + bonds + treasury + escrow + burned = genesis supply + minted. Each
 * record counts what it holds, the treasury minus what there must be, so that a whole state counts to zero.
 */
import { REPUTATION_MAX } from '../../protocol/constants.ts';
import { type AccountRecord, stateKeys, type TreasuryRecord } from '../../protocol/records.ts';
import { InvariantError } from '../errors.ts';
import type { State } from './state.ts';

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function assertAccount(key: string, account: AccountRecord): void {
  const { balance, stake, locked, bond, reputation, nonce } = account;
  if (![balance, stake, locked, bond, nonce].every(isAmount)) throw new InvariantError(`${key}: not an amount`);
  if (locked > stake) throw new InvariantError(`${key}: ${locked} locked of a stake of ${stake}`);
  if (!isAmount(reputation) || reputation > REPUTATION_MAX)
    throw new InvariantError(`${key}: reputation ${reputation}`);
}

/**
 * Tokens that a record accounts for; 0 for records without tokens.
 * @throws InvariantError when the record itself is impossible (negative, more locked than staked, …)
 */
export function tokensOf(key: string, record: unknown): number {
  if (record === null) return 0;
  if (key === stateKeys.treasury()) {
    const { balance, escrow, burned, minted, genesisSupply } = record as TreasuryRecord;
    if (![balance, escrow, burned, minted].every(isAmount)) throw new InvariantError('treasury: not an amount');
    return balance + escrow + burned - genesisSupply - minted;
  }
  if (!key.startsWith(stateKeys.account(''))) return 0;
  const account = record as AccountRecord;
  assertAccount(key, account);
  return account.balance + account.stake + account.bond;
}

/** Counts a whole state. Blocks check only what they touched; this is for tests and audits. @throws InvariantError */
export function assertConserved(state: State): void {
  let total = 0;
  for (const [key] of state.entries('')) total += tokensOf(key, state.record(key));
  if (total !== 0) throw new InvariantError(`${total} tokens too many`);
}
