/**
 * Random play (`testing/random-play.ts`): whatever the agents do, the books must balance, and whoever executes the same
 * must get the same.
 *
 * PROPERTY_RUNS=10000 npx vitest run --project unit properties   # new sequences; a failure prints its seed
 * PROPERTY_RUNS=1 PROPERTY_SEED=4711 npx vitest run --project unit properties
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PollRecord, ProposalRecord, ValidatorRecord, VoteRecord } from '../protocol/records.ts';
import type { Transaction } from '../protocol/types.ts';
import { TestChain, testAgents } from '../testing/chain-kit.ts';
import { genesisOf, play, recordsOf, transactionOf } from '../testing/random-play.ts';
import { buildBlock } from './build.ts';
import type { BlockContext } from './context.ts';
import { heldBy } from './contracts/staking/validators.ts';
import { applyTransaction, type ExecutionResult, execute } from './execute.ts';
import { genesisState } from './genesis.ts';
import { assertConserved } from './state/conservation.ts';
import { StateDraft } from './state/draft.ts';
import { type State, stateOf } from './state/state.ts';

/** Sequences that are played: always the same few in the gate, any number of new ones by the environment variable. */
const ASKED = process.env.PROPERTY_RUNS;
const RUNS = Number(ASKED ?? 100);
const CHOSEN = process.env.PROPERTY_SEED ?? (ASKED === undefined ? 20_261_122 : undefined);
const SEED = CHOSEN === undefined ? {} : { seed: Number(CHOSEN) };
/** So many sequences, whatever they are, come across everything; those of the gate do too. */
const ENOUGH_RUNS = 1_000;

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
  const bonded = new Map<string, number>();
  for (const validator of recordsOf<ValidatorRecord>(state, 'validator/')) {
    bonded.set(validator.owner, (bonded.get(validator.owner) ?? 0) + heldBy(validator));
  }
  for (const { wallet } of testAgents) {
    expect(state.get('account', wallet.address)?.locked).toBe(locked.get(wallet.address) ?? 0);
    expect(state.get('account', wallet.address)?.bond).toBe(bonded.get(wallet.address) ?? 0);
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
        for (const { afterMs, commands } of game.blocks) {
          const played = history.flatMap((block) => block.transactions);
          const candidates = commands.flatMap((each) => transactionOf(chain, game, each, played) ?? []);
          const context = chain.context(afterMs);
          const { transactions, result } = buildBlock(chain.state, context, candidates);
          for (const { sender, nonce } of transactions) {
            const again = played.some((earlier) => earlier.sender === sender && earlier.nonce === nonce);
            expect(again).toBe(false);
          }
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
    // Play that never gets anywhere would prove nothing; a few sequences of somebody's choice need not.
    if (ASKED !== undefined && RUNS < ENOUGH_RUNS) return;
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
      'ParametersChanged',
      'TreasurySpent',
      'Bonded',
      'Unbonding',
      'Unbonded',
      'ValidatorSlashed',
      'EpochStarted',
      'ProposerRewarded',
      'EQUIVOCATION_UNSIGNED',
      'OUT_OF_GAS',
      'INSUFFICIENT_BALANCE',
    ];
    expect(wanted.filter((name) => !reached.has(name))).toEqual([]);
  },
  // As long as it takes, where somebody asked for more.
  ASKED === undefined ? 300_000 : 0,
);
