/** Which events move tokens or reputation, and whose: the settlements of the chain as one table. */
import type { EventView } from '../../protocol/api/index.ts';

interface Movement {
  /** Field that names the account; none where tokens leave or enter no account. */
  readonly party?: string;
  /** Field of the amount, and whether the account gains it (1), loses it (-1), or only cannot or can use it (0). */
  readonly amount?: string;
  readonly sign: -1 | 0 | 1;
}

const gain = (party = 'to', amount = 'amount'): Movement => ({ party, amount, sign: 1 });
const loss = (party = 'address', amount = 'amount'): Movement => ({ party, amount, sign: -1 });
const moved = (party = 'address'): Movement => ({ party, amount: 'amount', sign: 0 });

/** Every event of a contract by which somebody has more, less, or something else than before. Gas is in transactions. */
export const MOVEMENTS: Readonly<Record<string, Movement>> = {
  Reward: gain(),
  Bounty: gain(),
  GasRebate: gain(),
  WorkPaid: gain(),
  ChallengeGas: gain(),
  ChallengeReward: gain(),
  BondPaid: gain(),
  TreasurySpent: gain(),
  ProposerRewarded: gain('owner'),
  AgentRebooted: gain('address', 'grant'),
  Penalty: loss(),
  StakeForfeited: loss(),
  StakeSlashed: loss(),
  ValidatorSlashed: loss('owner', 'slashed'),
  RewardEscrowed: moved('to'),
  RewardWithheld: { party: 'address', sign: 0 },
  ReputationChanged: { party: 'address', sign: 0 },
  StakeLocked: moved(),
  StakeReleased: moved(),
  Staked: moved(),
  Unstaked: moved(),
  Bonded: moved('owner'),
  Unbonding: moved('owner'),
  Unbonded: moved('owner'),
  Transferred: { party: 'from', amount: 'amount', sign: -1 },
  TokensBurned: { amount: 'amount', sign: 0 },
  ClaimOverturned: { amount: 'escrowReturned', sign: 0 },
  IncidentInconclusive: { amount: 'escrowReturned', sign: 0 },
};

export interface Settlement {
  readonly party: string;
  /** Tokens that changed place; `change` is what the account has more or less through it. */
  readonly amount: number;
  readonly change: number;
  readonly reputation: number;
  readonly reason: string;
  /** The other account, where there is one. */
  readonly counterparty: string;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The rows of an event: none when it moves nothing, two where one account pays another. */
export function settlementsOf({ name, data }: Pick<EventView, 'name' | 'data'>): readonly Settlement[] {
  const movement = Object.hasOwn(MOVEMENTS, name) ? MOVEMENTS[name] : undefined;
  if (movement === undefined) return [];
  const { party, amount: field, sign } = movement;
  const amount = field === undefined ? 0 : numberOf(data[field]);
  const fields = {
    party: party === undefined ? '' : textOf(data[party]),
    ...{ amount, change: sign * amount, reason: textOf(data.reason) },
    reputation: reputationOf(name, data),
    counterparty: '',
  };
  // Paid by one account to another: a row for each, so that the changes of a column add up to nothing.
  if (name === 'Transferred' || name === 'BondPaid') {
    const [from, to] = [textOf(data.from), textOf(data.to)];
    return [
      { ...fields, party: from, counterparty: to, change: -amount },
      { ...fields, party: to, counterparty: from, change: amount },
    ];
  }
  return [fields];
}

/** Points that moved. A penalty tells them too, but its own event of reputation has them already. */
function reputationOf(name: string, data: EventView['data']): number {
  if (name === 'ReputationChanged') return numberOf(data.to) - numberOf(data.from);
  return name === 'AgentRebooted' ? numberOf(data.reputationTo) - numberOf(data.reputationFrom) : 0;
}
