/**
 * Test-only: random play. Seven agents and a stranger make calls, sensible and senseless, honest and hostile, at random
 * times under random parameters.
 */
import fc from 'fast-check';
import { VOTE_OPTIONS, type VoteOption } from '../protocol/calls.ts';
import { INTEGER_MAX } from '../protocol/constants.ts';
import { walletOf } from '../protocol/crypto/wallet.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { IncidentRecord, ProposalRecord } from '../protocol/records.ts';
import { ROLES, type Role, STEP_ROLE } from '../protocol/roles.ts';
import type { Transaction } from '../protocol/types.ts';
import type { State } from '../vm/state/state.ts';
import {
  developmentGenesis,
  type TestChain,
  testAgent,
  testAgents,
  testEvidence,
  testParams,
  testSecret,
} from './chain-kit.ts';
import { challengeTransaction, motionTransaction, outcomeTransaction, spendingTransaction } from './dispute-kit.ts';
import {
  commitTransaction,
  type IncidentStep,
  openVoteTransaction,
  revealTransaction,
  stepTransaction,
  testAlert,
  testProposal,
  testTriage,
} from './incident-kit.ts';
import { epochOf, evidence, newKey, one, possession, two } from './staking-kit.ts';

const KINDS = [
  'step',
  'alert',
  'triage',
  'propose',
  'commit',
  'reveal',
  'cast',
  'transfer',
  'stake',
  'unstake',
  'challenge',
  'outcome',
  'motion',
  'spending',
  'bond',
  'unbond',
  'join',
  'equivocation',
  'impostor',
  'replay',
  'starved',
  'overflow',
] as const;
/** What a vote stakes, and the least that it may: no less than a fine, so that motions find parameters that agree. */
const VOTE_STAKE = 60;
const NODES = ['web-buy', 'web-pay'];
const CHANGED = ['alpha', 'rewards.supporter', 'penalties.opponent', 'voteStakeMin', 'challengeWindowMs'];
const STEP_NAMES = Object.keys(STEP_ROLE).filter((step): step is IncidentStep => step !== 'triage');
const stranger = walletOf(testSecret(99));

const command = fc.record({
  // What moves an incident on is made often, so that play gets somewhere.
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('sensible' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...KINDS) },
  ),
  role: fc.constantFrom(...ROLES),
  pick: fc.nat({ max: 1_000 }),
  amount: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 30_000 })),
});
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

export const play = fc.record({
  votingMode: fc.constantFrom('sealed' as const, 'open' as const),
  roundsMax: fc.integer({ min: 1, max: 3 }),
  treasury: fc.constantFrom(0, 3_000, 200_000),
  balance: fc.constantFrom(1_300, 2_000, 20_000),
  beta: fc.constantFrom(0, 300, 500),
  bounty: fc.constantFrom(1_000, 50_000),
  outcomeReportsMin: fc.constantFrom(1, 2),
  failedBondTo: fc.constantFrom('treasury' as const, 'proposer' as const),
  epochBlocks: fc.constantFrom(3, 8, 1_000),
  proposerGasShare: fc.constantFrom(0, 300),
  opinion: fc.constantFrom<readonly VoteOption[]>(
    ['For'],
    ['For'],
    ['For', 'For', 'Against'],
    ['Against'],
    VOTE_OPTIONS,
  ),
  blocks: fc.array(
    fc.record({
      afterMs: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(0, 500, 1_000) },
        { weight: 2, arbitrary: fc.constantFrom(11_000, 20_000) },
        { weight: 1, arbitrary: fc.constantFrom(61_000, 130_000) },
      ),
      commands: fc.array(command, { maxLength: 7 }),
    }),
    { minLength: 5, maxLength: 36, size: 'max' },
  ),
});
export type Play = typeof play extends fc.Arbitrary<infer T> ? T : never;

export const genesisOf = ({ votingMode, roundsMax, treasury, balance, beta, bounty, ...terms }: Play): Genesis =>
  developmentGenesis({
    ...{ treasury, epochBlocks: terms.epochBlocks },
    params: {
      ...{ votingMode, roundsMax, beta, voteStakeMin: VOTE_STAKE, rewards: { ...testParams.rewards, bounty } },
      falsification: {
        ...testParams.falsification,
        outcomeReportsMin: terms.outcomeReportsMin,
        failedBondTo: terms.failedBondTo,
      },
      reboot: { cooldownMs: 60_000 },
      staking: { ...testParams.staking, proposerGasShare: terms.proposerGasShare },
    },
    accounts: Object.fromEntries(ROLES.map((role) => [role, { balance }])),
  });

const chosen = <T>(items: readonly T[], pick: number): T | undefined => items[pick % Math.max(1, items.length)];

/**
 * The transaction that a command means in this state; undefined when it means none.
 * @param played what has been in a block already
 */
export function transactionOf(
  chain: TestChain,
  game: Play,
  { kind, role, pick, amount }: Command,
  played: readonly Transaction[],
): Transaction | undefined {
  const incident = chosen(recordsOf<IncidentRecord>(chain.state, 'incident/'), pick);
  const incidentId = incident?.incidentId ?? 'INC-0001';
  const proposals = recordsOf<ProposalRecord>(chain.state, 'proposal/').map(({ proposalId }) => proposalId);
  const proposalId = chosen(proposals, pick) ?? '00'.repeat(32);
  const node = chosen(NODES, pick);
  switch (kind) {
    case 'sensible':
      return sensible(chain, game, role, pick);
    case 'step':
      return stepTransaction(chain, incidentId, chosen(STEP_NAMES, amount) ?? 'schedule_tasks', role);
    case 'alert':
      return pick % 9 === 0
        ? chain.transactionOf(stranger, 'raise_alert', testAlert(node))
        : chain.transaction(role, 'raise_alert', testAlert(node));
    case 'triage':
      return chain.transaction(role, 'triage', testTriage(node));
    case 'propose':
      return proposing(chain, incidentId, role, amount);
    case 'commit':
      return commitTransaction(chain, proposalId, role, opinionOf(game, role, proposalId), VOTE_STAKE);
    case 'reveal':
      return revealTransaction(chain, proposalId, role, 'Abstain');
    case 'cast':
      return openVoteTransaction(chain, proposalId, role, opinionOf(game, role, proposalId), VOTE_STAKE);
    case 'transfer':
      return chain.transaction(role, 'transfer', { to: addressOf(pick), amount });
    case 'stake':
    case 'unstake':
      return chain.transaction(role, kind, { amount });
    case 'challenge':
      return challengeTransaction(chain, incidentId, role, { evidence: `evidence ${amount % 5}` });
    case 'outcome':
      return outcomeTransaction(chain, incidentId, role, pick % 3 > 0);
    case 'motion':
      return motionTransaction(chain, role, [{ name: chosen(CHANGED, pick) ?? 'alpha', value: amount % 900 }]);
    case 'spending':
      return spendingTransaction(chain, role, addressOf(pick), amount);
    case 'replay':
      return chosen(played, pick);
    case 'starved':
      return chain.transaction(role, 'transfer', { to: addressOf(pick), amount }, shortOfGas(pick));
    case 'overflow':
      return chain.transaction(role, 'transfer', { to: addressOf(pick), amount: INTEGER_MAX - (pick % 3) });
    default:
      return stakingTransaction(chain, { kind, role, pick, amount });
  }
}

/** The evidence costs more than the limit leaves, or the limit is less than any. */
const shortOfGas = (pick: number) => ({ evidence: [testEvidence('beside the point')], gasLimit: 198 + (pick % 10) });

type StakingCommand = Omit<Command, 'kind'> & {
  readonly kind: 'bond' | 'unbond' | 'join' | 'equivocation' | 'impostor';
};

/** Moves of bonds, and votes that contradict each other: signed by the validator, or by nobody who may. */
function stakingTransaction(chain: TestChain, { kind, role, pick, amount }: StakingCommand): Transaction {
  const accused = chosen(ROLES, pick) ?? role;
  const key = pick % 5 === 0 ? newKey : testAgent(pick % 4 === 0 ? accused : role).validatorKey;
  switch (kind) {
    case 'bond':
      return chain.transaction(role, 'bond', { validator: key, amount });
    case 'unbond': {
      const held = chain.state.get('validator', key)?.bond ?? 0;
      return chain.transaction(role, 'unbond', { validator: key, amount: pick % 2 === 0 && held > 0 ? held : amount });
    }
    case 'join': {
      const proof = { name: 'newcomer', possession: possession(chain, pick % 3 === 0 ? accused : role) };
      return chain.transaction(role, 'bond', { validator: newKey, amount: amount + 700, ...proof });
    }
    case 'equivocation':
    case 'impostor': {
      const place = { epoch: Math.max(0, epochOf(chain).epoch - (pick % 2)), view: pick % 2 };
      const second = pick % 7 === 0 ? (['notarize', one] as const) : (['notarize', two] as const);
      const proof = evidence(chain, accused, ['notarize', one], second, place);
      const other = testAgent(chosen(ROLES, pick + 1) ?? role).validatorKey;
      const shown = kind === 'impostor' ? { ...proof, validator: other } : proof;
      return chain.transaction(role, 'submit_equivocation', shown);
    }
  }
}

/** What an honest agent would do: the step that is due, or its vote, now and then on a motion; an alert when idle. */
function sensible(chain: TestChain, game: Play, role: Role, pick: number): Transaction | undefined {
  const motion = chain.state.get('government')?.open.at(0);
  if (motion !== undefined && pick % 4 === 0) return openVoteTransaction(chain, motion, role, 'For', VOTE_STAKE);
  const { open = [], untriaged = [] } = chain.state.get('sequence') ?? {};
  const incident = chain.state.get('incident', chosen(open, pick) ?? '');
  if (!incident) {
    if (untriaged.length > 0) return chain.transaction('alert_receiver', 'triage', testTriage(NODES[0]));
    return chain.transaction(role, 'raise_alert', testAlert(NODES[0]));
  }
  const { incidentId, stepDue, proposalId, state } = incident;
  if (stepDue === 'propose_root_cause') return proposing(chain, incidentId, role, pick);
  if (stepDue !== '') return stepTransaction(chain, incidentId, stepDue as IncidentStep);
  if (state === 'Solution') return disputing(chain, game, incident, role, pick);
  if (state !== 'Root_Cause_Proposed') return undefined;
  const option = opinionOf(game, role, proposalId);
  if (game.votingMode === 'open') return openVoteTransaction(chain, proposalId, role, option, VOTE_STAKE);
  const { status } = chain.state.get('proposal', proposalId) ?? {};
  return status === 'committing'
    ? commitTransaction(chain, proposalId, role, option, VOTE_STAKE)
    : revealTransaction(chain, proposalId, role, option);
}

/** A challenge by whoever may, votes on it, now and then a measurement. */
function disputing(
  chain: TestChain,
  game: Play,
  { incidentId, challenges }: IncidentRecord,
  role: Role,
  pick: number,
): Transaction | undefined {
  const challenge = chain.state.get('challenge', challenges.at(-1) ?? '');
  if (!challenge || challenge.settled) {
    // As many are left in peace, so that windows close.
    if (pick % 10 < 5) return undefined;
    if (pick % 4 === 1) return outcomeTransaction(chain, incidentId, role, pick % 3 > 0, `metrics ${pick}`);
    return challengeTransaction(chain, incidentId, role, { evidence: `evidence ${pick}` });
  }
  const { proposalId, status } = challenge;
  const option = opinionOf(game, role, proposalId);
  if (status === 'voting') return openVoteTransaction(chain, proposalId, role, option, VOTE_STAKE);
  return status === 'committing'
    ? commitTransaction(chain, proposalId, role, option, VOTE_STAKE)
    : revealTransaction(chain, proposalId, role, option);
}

const proposing = (chain: TestChain, incidentId: string, role: Role, pick: number): Transaction =>
  chain.transaction(role, 'propose_root_cause', testProposal(incidentId, chosen(['cart', 'stock', 'mail'], pick)));

const opinionOf = ({ opinion }: Play, role: Role, proposalId: string): VoteOption =>
  chosen(opinion, ROLES.indexOf(role) + proposalId.charCodeAt(0)) ?? 'Abstain';

export const recordsOf = <T>(state: State, prefix: string): readonly T[] =>
  state.entries(prefix).map(([key]) => state.record(key) as T);

const addressOf = (pick: number): string => chosen(testAgents, pick % 8)?.wallet.address ?? stranger.address;
