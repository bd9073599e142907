/**
 * What a stake above the minimum earns and costs. With s staked, m the minimum, b and l the shares:
 *   right: + floor((s - m) * b / 1000)      wrong by vote: - floor((s - m) * l / 1000)      overturned: - s
 * At accuracy p a further token is worth p*b - (1-p)*l thousandths, so more than the minimum pays only for
 * p > l / (b + l): 0.8 with the default 250 and 1000. At the base accuracy of a guess among the usual suspects (0.308)
 * each further token loses 0.615 in expectation. A guess at the minimum is worth 0.308*1800 - 0.692*300 = +346; staking
 * the maximum of 2,000 turns that into 0.308*(1800+475) - 0.692*(300+1900) = -822.
 */
import type { Params } from '../../../protocol/genesis.ts';
import type { Amount } from '../../../protocol/types.ts';
import { shareOf } from '../../integers.ts';

type Minimum = 'proposalStakeMin' | 'voteStakeMin';

/** A minimum that was raised since the stake was locked leaves nothing above it. */
const above = (params: Params, stake: Amount, minimum: Minimum): Amount => Math.max(0, stake - params[minimum]);

export const confidenceBonus = (params: Params, stake: Amount, minimum: Minimum): Amount =>
  shareOf(above(params, stake, minimum), params.confidence.bonusShare, 1_000);

export const confidenceLoss = (params: Params, stake: Amount, minimum: Minimum): Amount =>
  shareOf(above(params, stake, minimum), params.confidence.lossShare, 1_000);
