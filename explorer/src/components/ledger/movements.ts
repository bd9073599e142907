/**
 * What an event moved, and between whom. Stakes that are only locked or freed move nothing: they stay their owner's. A
 * penalty's reputation is told by an event of its own, so it is not counted here a second time.
 */
import type { EventView } from '@dao-gov/node/protocol';

type Data = EventView['data'];
export type LedgerEvent = Pick<EventView, 'name' | 'data'>;

/** Events of the ledger by what they are to a reader. */
export const LEDGER_KINDS = {
  payments: [
    'RewardEscrowed',
    'Reward',
    'Bounty',
    'GasRebate',
    'WorkPaid',
    'ChallengeGas',
    'ChallengeReward',
    'BondPaid',
    'TreasurySpent',
    'ProposerRewarded',
    'RewardWithheld',
  ],
  penalties: ['Penalty', 'StakeForfeited', 'StakeSlashed', 'ValidatorSlashed', 'ReputationChanged', 'BondPaid'],
  reboots: ['AgentRebooted', 'RebootUnfunded'],
  treasury: [
    'RewardEscrowed',
    'WorkPaid',
    'ChallengeGas',
    'Penalty',
    'StakeForfeited',
    'ClaimOverturned',
    'IncidentInconclusive',
    'AgentRebooted',
    'TreasurySpent',
    'ProposerRewarded',
    'TreasuryShort',
  ],
  burned: ['TokensBurned', 'ValidatorSlashed'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type LedgerKind = keyof typeof LEDGER_KINDS;

export const LEDGER_EVENTS: readonly string[] = [...new Set(Object.values(LEDGER_KINDS).flat())];

/** How the tokens came to the account, or left it. */
export type Cause = 'paid' | 'fined' | 'slashed' | 'held';

/** What one event means for one account. */
export interface Movement {
  readonly address: string;
  readonly cause: Cause;
  /** Signed, except what is held: that is neither the account's nor lost. */
  readonly tokens: number;
  readonly reputation: number;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const moved = (address: unknown, cause: Cause, tokens: number, reputation = 0): Movement => ({
  address: text(address),
  cause,
  tokens,
  reputation,
});

const paidTo = ({ to, amount }: Data): readonly Movement[] => [moved(to, 'paid', number(amount))];
const takenAs =
  (cause: Cause) =>
  ({ address, amount }: Data): readonly Movement[] => [moved(address, cause, -number(amount))];

const MOVEMENTS: Readonly<Record<string, (data: Data) => readonly Movement[]>> = {
  RewardEscrowed: ({ to, amount }) => [moved(to, 'held', number(amount))],
  Reward: paidTo,
  Bounty: paidTo,
  GasRebate: paidTo,
  WorkPaid: paidTo,
  ChallengeGas: paidTo,
  ChallengeReward: paidTo,
  TreasurySpent: paidTo,
  ProposerRewarded: ({ owner, amount }) => [moved(owner, 'paid', number(amount))],
  AgentRebooted: ({ address, grant, reputationFrom, reputationTo }) => [
    moved(address, 'paid', number(grant), number(reputationTo) - number(reputationFrom)),
  ],
  BondPaid: ({ from, to, amount }) => [moved(from, 'slashed', -number(amount)), moved(to, 'paid', number(amount))],
  Penalty: takenAs('fined'),
  StakeForfeited: takenAs('slashed'),
  StakeSlashed: takenAs('slashed'),
  ValidatorSlashed: ({ owner, slashed, reporter, reward }) => [
    moved(owner, 'slashed', -number(slashed)),
    moved(reporter, 'paid', number(reward)),
  ],
  ReputationChanged: ({ address, from, to }) => [moved(address, 'paid', 0, number(to) - number(from))],
};

export const movementsOf = ({ name, data }: LedgerEvent): readonly Movement[] =>
  Object.hasOwn(MOVEMENTS, name) ? (MOVEMENTS[name]?.(data) ?? []) : [];
