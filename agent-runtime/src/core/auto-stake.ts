/** The automatic stake by reputation tier (report, 4.3): who is trusted more puts more at stake, within its means. */
import type { AccountRecord, Amount } from '@dao-gov/node/protocol';
import { GAS_RESERVE, STAKE_TIERS, VOTE_STAKE_STEP_THOUSANDTHS } from './constants.ts';

type Staker = Pick<AccountRecord, 'balance' | 'stake' | 'locked' | 'reputation'>;

const freeStakeOf = ({ stake, locked }: Staker): Amount => stake - locked;

/** confidence = reputation / 100; >= 0.8: min(200, 5 % of the balance); >= 0.6: min(100, 2 %); else 0. */
export function stakeTarget({ reputation, balance }: Pick<Staker, 'reputation' | 'balance'>): Amount {
  const confidence = Math.min(1, Math.max(0, reputation / 100));
  const tier = STAKE_TIERS.find(({ confidenceMin }) => confidence >= confidenceMin);
  return tier === undefined ? 0 : Math.min(tier.amountMax, Math.floor(balance * tier.balanceShare));
}

/**
 * Tokens to stake before a claim or a vote. The tier decides; but what the contract demands at least is staked by
 * everybody who can still pay gas, as otherwise a low reputation could never be mended.
 * @param required the least free stake that the claim or vote needs
 */
export function stakeToAdd(account: Staker, required: Amount): Amount {
  const affordable = Math.max(0, account.balance - GAS_RESERVE);
  const wanted = Math.max(stakeTarget(account), required) - freeStakeOf(account);
  return Math.max(0, Math.min(wanted, affordable));
}

/** The minimum once, and once more for every step of confidence, within the free stake. @param confidence thousandths */
export function voteStake(account: Staker, minimum: Amount, confidence: number): Amount {
  const steps = 1 + Math.floor(confidence / VOTE_STAKE_STEP_THOUSANDTHS);
  return Math.max(minimum, Math.min(minimum * steps, freeStakeOf(account)));
}

/** The minimum, and of what is free beyond it half the claim's probability. @param probability thousandths */
export function proposalStake(account: Staker, minimum: Amount, probability: number): Amount {
  const spare = Math.max(0, freeStakeOf(account) - minimum);
  return minimum + Math.floor((spare * probability) / 2_000);
}
