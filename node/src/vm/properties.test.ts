/**
 * Random play: seven agents and a stranger make calls, sensible and senseless, at random times under random
 * parameters. Whatever they do, the books must balance, and whoever executes the same must get the same.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VOTE_OPTIONS, type VoteOption } from '../protocol/calls.ts';
import { walletOf } from '../protocol/crypto/wallet.ts';
import type { IncidentRecord, PollRecord, ProposalRecord, VoteRecord } from '../protocol/records.ts';
import { ROLES, type Role, STEP_ROLE } from '../protocol/roles.ts';
import type { Transaction } from '../protocol/types.ts';
import { developmentGenesis, TestChain, testAgents, testParams, testSecret } from '../testing/chain-kit.ts';
import {
  challengeTransaction,
  motionTransaction,
  outcomeTransaction,
  spendingTransaction,
} from '../testing/dispute-kit.ts';
import {
  commitTransaction,
  type IncidentStep,
  openVoteTransaction,
  revealTransaction,
  stepTransaction,
  testAlert,
  testProposal,
  testTriage,
} from '../testing/incident-kit.ts';
import { buildBlock } from './build.ts';
import type { BlockContext } from './context.ts';
import { applyTransaction, type ExecutionResult, execute } from './execute.ts';
import { genesisState } from './genesis.ts';
import { assertConserved } from './state/conservation.ts';
import { StateDraft } from './state/draft.ts';
import { type State, stateOf } from './state/state.ts';

/** Sequences that are played: always the same few in the gate, any number of new ones by the environment variable. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 150);
const SEED = process.env.PROPERTY_RUNS === undefined ? { seed: 20_261_122 } : {};

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
] as const;
const NODES = ['web-buy', 'web-pay'];
const CHANGED = ['alpha', 'rewards.supporter', 'penalties.opponent', 'voteStakeMin', 'challengeWindowMs'];
const STEP_NAMES = Object.keys(STEP_ROLE).filter((step): step is IncidentStep => step !== 'triage');
const stranger = walletOf(testSecret(99));

const command = fc.record({
  // What moves an incident on is made often, so that play gets somewhere.
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant('sensible' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...KINDS) },
  ),
  role: fc.constantFrom(...ROLES),
  pick: fc.nat({ max: 1_000 }),
  amount: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 30_000 })),
});
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const play = fc.record({
  votingMode: fc.constantFrom('sealed' as const, 'open' as const),
  roundsMax: fc.integer({ min: 1, max: 3 }),
  treasury: fc.constantFrom(0, 3_000, 200_000),
  balance: fc.constantFrom(1_300, 2_000, 20_000),
  beta: fc.constantFrom(0, 300, 500),
  bounty: fc.constantFrom(1_000, 50_000),
  outcomeReportsMin: fc.constantFrom(1, 2),
  failedBondTo: fc.constantFrom('treasury' as const, 'proposer' as const),
  opinion: fc.constantFrom<readonly VoteOption[]>(['For'], ['For', 'For', 'Against'], ['Against'], VOTE_OPTIONS),
  blocks: fc.array(
    fc.record({
      afterMs: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(0, 500, 1_000) },
        { weight: 3, arbitrary: fc.constantFrom(11_000, 20_000) },
        { weight: 1, arbitrary: fc.constantFrom(61_000, 130_000) },
      ),
      commands: fc.array(command, { maxLength: 6 }),
      epochTurns: fc.boolean(),
    }),
    { minLength: 5, maxLength: 36, size: 'max' },
  ),
});
type Play = typeof play extends fc.Arbitrary<infer T> ? T : never;

const genesisOf = ({ votingMode, roundsMax, treasury, balance, beta, bounty, ...terms }: Play) =>
  developmentGenesis({
    treasury,
    params: {
      ...{ votingMode, roundsMax, beta, rewards: { ...testParams.rewards, bounty } },
      falsification: {
        ...testParams.falsification,
        outcomeReportsMin: terms.outcomeReportsMin,
        failedBondTo: terms.failedBondTo,
      },
      reboot: { cooldownMs: 60_000 },
    },
    accounts: Object.fromEntries(ROLES.map((role) => [role, { balance }])),
  });

const chosen = <T>(items: readonly T[], pick: number): T | undefined => items[pick % Math.max(1, items.length)];

/** The transaction that a command means in this state; undefined when it means none. */
function transactionOf(chain: TestChain, game: Play, { kind, role, pick, amount }: Command): Transaction | undefined {
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
      return commitTransaction(chain, proposalId, role, opinionOf(game, role, proposalId));
    case 'reveal':
      return revealTransaction(chain, proposalId, role, 'Abstain');
    case 'cast':
      return openVoteTransaction(chain, proposalId, role, opinionOf(game, role, proposalId));
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
  }
}

/** What an honest agent would do: the step that is due, or its vote; the first alert and its triage when idle. */
function sensible(chain: TestChain, game: Play, role: Role, pick: number): Transaction | undefined {
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
  if (game.votingMode === 'open') return openVoteTransaction(chain, proposalId, role, option);
  const { status } = chain.state.get('proposal', proposalId) ?? {};
  return status === 'committing'
    ? commitTransaction(chain, proposalId, role, option)
    : revealTransaction(chain, proposalId, role, option);
}

/** A challenge by whoever may, votes on it, now and then a measurement; votes on a motion when nothing else is open. */
function disputing(
  chain: TestChain,
  game: Play,
  { incidentId, challenges }: IncidentRecord,
  role: Role,
  pick: number,
): Transaction | undefined {
  const challenge = chain.state.get('challenge', challenges.at(-1) ?? '');
  if (!challenge || challenge.settled) {
    const motion = chain.state.get('government')?.open.at(0);
    if (motion !== undefined && pick % 2 === 0) return openVoteTransaction(chain, motion, role, 'For', 60);
    // Most incidents are left in peace, so that windows close.
    if (pick % 10 < 7) return undefined;
    if (pick % 4 === 1) return outcomeTransaction(chain, incidentId, role, pick % 3 > 0, `metrics ${pick}`);
    return challengeTransaction(chain, incidentId, role, { evidence: `evidence ${pick}` });
  }
  const { proposalId, status } = challenge;
  const option = opinionOf(game, role, proposalId);
  if (status === 'voting') return openVoteTransaction(chain, proposalId, role, option);
  return status === 'committing'
    ? commitTransaction(chain, proposalId, role, option)
    : revealTransaction(chain, proposalId, role, option);
}

const proposing = (chain: TestChain, incidentId: string, role: Role, pick: number): Transaction =>
  chain.transaction(role, 'propose_root_cause', testProposal(incidentId, chosen(['cart', 'stock', 'mail'], pick)));

const opinionOf = ({ opinion }: Play, role: Role, proposalId: string): VoteOption =>
  chosen(opinion, ROLES.indexOf(role) + proposalId.charCodeAt(0)) ?? 'Abstain';

const recordsOf = <T>(state: State, prefix: string): readonly T[] =>
  state.entries(prefix).map(([key]) => state.record(key) as T);

const addressOf = (pick: number): string => chosen(testAgents, pick % 8)?.wallet.address ?? stranger.address;

/** What is locked and escrowed must be what open proposals and votes account for, to the token. */
function assertBooks(state: State): void {
  assertConserved(state);
  const locked = new Map<string, number>();
  let escrow = 0;
  const lock = (address: string, amount: number) => locked.set(address, (locked.get(address) ?? 0) + amount);
  for (const proposal of recordsOf<ProposalRecord>(state, 'proposal/')) {
    if (proposal.released) continue;
    lock(proposal.proposer, proposal.stake);
    escrow += proposal.escrow.reduce((sum, { amount }) => sum + amount, 0);
    for (const vote of recordsOf<VoteRecord>(state, `vote/${proposal.proposalId}/`)) {
      if (!proposal.settled || vote.option === 'For' || vote.option === 'Against') lock(vote.voter, vote.stake);
    }
  }
  for (const poll of [...recordsOf<PollRecord>(state, 'challenge/'), ...recordsOf<PollRecord>(state, 'motion/')]) {
    if (poll.released) continue;
    lock(poll.proposer, poll.stake);
    for (const vote of recordsOf<VoteRecord>(state, `vote/${poll.proposalId}/`)) lock(vote.voter, vote.stake);
  }
  expect(state.get('treasury')?.escrow).toBe(escrow);
  for (const { wallet } of testAgents) {
    expect(state.get('account', wallet.address)?.locked).toBe(locked.get(wallet.address) ?? 0);
  }
}

/** A failed transaction leaves its nonce and its gas, and nothing else. */
function assertFailuresAreAtomic(parent: State, context: BlockContext, transactions: readonly Transaction[]): void {
  let state = parent;
  for (const tx of transactions) {
    const draft = new StateDraft(state);
    const receipt = applyTransaction(draft, context, tx);
    if (receipt.status === 'failed') expect(draft.changes()).toEqual(gasOnly(state, tx, receipt.gasUsed * tx.gasPrice));
    state = state.with(draft.changes());
  }
}

function gasOnly(state: State, { sender }: Transaction, fee: number): ReadonlyMap<string, string | null> {
  const draft = new StateDraft(state);
  const account = draft.must('account', sender);
  const treasury = draft.must('treasury');
  draft.set('account', { ...account, nonce: account.nonce + 1, balance: account.balance - fee }, sender);
  draft.set('treasury', { ...treasury, balance: treasury.balance + fee });
  return draft.changes();
}

interface Block {
  readonly context: BlockContext;
  readonly transactions: readonly Transaction[];
  readonly result: ExecutionResult;
}

/** A second machine executes the same blocks to the same roots, though it is restarted once on the way. */
function assertReplays(genesis: State, history: readonly Block[]): void {
  let state = genesis;
  history.forEach(({ context, transactions, result }, index) => {
    // What a restart reads back: texts in whatever order.
    if (index === 4) state = stateOf([...state.entries('')].reverse());
    const again = execute(state, context, transactions);
    expect([again.stateRoot, again.receiptsRoot]).toEqual([result.stateRoot, result.receiptsRoot]);
    state = again.state;
  });
}

test(
  'random play keeps the books, fails atomically, and comes out the same on every machine',
  () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(play, (game) => {
        const genesis = genesisOf(game);
        const chain = new TestChain(genesis, { signed: false });
        const history: Block[] = [];
        let epoch = 0;
        for (const { afterMs, commands, epochTurns } of game.blocks) {
          if (epochTurns) epoch += 1;
          const candidates = commands.flatMap((each) => transactionOf(chain, game, each) ?? []);
          const context = { ...chain.context(afterMs), epoch };
          const { transactions, result } = buildBlock(chain.state, context, candidates);
          assertFailuresAreAtomic(chain.state, context, transactions);
          assertBooks(result.state);
          chain.adopt(context, result);
          history.push({ context, transactions, result });
          for (const { reason, events } of result.receipts) {
            reached.add(reason);
            for (const { name } of events) reached.add(name);
          }
        }
        assertReplays(genesisState(genesis), history);
      }),
      { numRuns: RUNS, ...SEED },
    );
    // Play that never gets anywhere would prove nothing.
    const wanted = [
      'Reward',
      'Penalty',
      'StakeForfeited',
      'IncidentFinalized',
      'IncidentInconclusive',
      'TreasuryShort',
      'ChallengeOpened',
      'ChallengeDecided',
      'ClaimOverturned',
      'OutcomeReported',
      'MotionDecided',
      'AgentRebooted',
    ];
    expect(wanted.filter((name) => !reached.has(name))).toEqual([]);
  },
  Math.max(300_000, RUNS * 1_000),
);
