/**
 * Bankruptcy (ADR 0007). When an incident ends, an agent that can no longer pay for taking part in one is rebooted: its
 * reputation is neutral, and the treasury tops it up to just that minimum. Nothing is minted. What it gave away counts as
 * if it still held it, what is locked may still come back, and between two reboots time must pass: so going bankrupt on
 * purpose never leaves anybody with more.
 */
import { REPUTATION_NEUTRAL } from '../../../protocol/constants.ts';
import type { Params } from '../../../protocol/genesis.ts';
import type { AccountRecord } from '../../../protocol/records.ts';
import type { Address, Amount } from '../../../protocol/types.ts';
import { add, addCapped, subtract } from '../../integers.ts';
import type { Effects } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { freeStake, payFromTreasury } from './ledger.ts';
import { standingOf } from './standing.ts';

/** Transactions of one incident at the least price: a stake, a step, a commitment, a reveal, and one to spare. */
const TRANSACTIONS_PER_INCIDENT = 5;

/** Tokens that taking part in one incident takes: its gas and the least stake of a vote. */
export const minimumMeans = ({ gasPrice, gasLimitMin, voteStakeMin }: Params): Amount =>
  addCapped(voteStakeMin, TRANSACTIONS_PER_INCIDENT * gasPrice * gasLimitMin);

/** The top-up that an account needs and may have now; 0 when it is not bankrupt. */
function grantOf(effects: Effects, address: Address, account: AccountRecord): Amount {
  // What is locked may come back, so its owner is not yet ruined.
  if (account.locked > 0) return 0;
  const params = paramsOf(effects.draft);
  const { sent, rebootedAtMs } = standingOf(effects.draft, address);
  if (rebootedAtMs > 0 && effects.block.timestampMs < rebootedAtMs + params.reboot.cooldownMs) return 0;
  const means = account.balance + freeStake(account) + Math.max(0, sent);
  return Math.max(0, minimumMeans(params) - means);
}

function reboot(effects: Effects, incidentId: string, address: Address, grant: Amount): void {
  const { draft, block } = effects;
  payFromTreasury(draft, address, grant);
  const account = draft.must('account', address);
  const reboots = account.reboots + 1;
  draft.set('account', { ...account, reputation: REPUTATION_NEUTRAL, reboots }, address);
  draft.set('standing', { ...standingOf(draft, address), rebootedAtMs: block.timestampMs }, address);
  const reputationFrom = account.reputation;
  const change = { reputationFrom, reputationTo: REPUTATION_NEUTRAL, reboots };
  effects.emit('AgentRebooted', { incidentId, address, grant, ...change });
}

/**
 * An agent whose balance cannot pay for a single transaction can neither unstake: the stake that it has free comes back
 * to it by itself. It is not bankrupt.
 */
function freeForGas(effects: Effects, address: Address, account: AccountRecord): void {
  const params = paramsOf(effects.draft);
  const gas = params.gasPrice * params.gasLimitMin;
  const amount = Math.min(freeStake(account), minimumMeans(params));
  if (account.balance >= gas || amount === 0) return;
  const stake = subtract(account.stake, amount);
  effects.draft.set('account', { ...account, stake, balance: add(account.balance, amount) }, address);
  effects.emit('Unstaked', { address, amount, stake });
}

/** Looks at every agent at the end of an incident. */
export function rebootBankrupts(effects: Effects, incidentId: string): void {
  for (const address of effects.draft.base.agents()) {
    const account = effects.draft.must('account', address);
    const grant = grantOf(effects, address, account);
    if (grant === 0) {
      freeForGas(effects, address, account);
      continue;
    }
    const available = effects.draft.must('treasury').balance;
    if (available < grant) effects.emit('RebootUnfunded', { incidentId, address, wanted: grant, available });
    else reboot(effects, incidentId, address, grant);
  }
}
