import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VoteOption } from '../../../protocol/calls.ts';
import { ROLES, type Role } from '../../../protocol/roles.ts';
import type { Transaction } from '../../../protocol/types.ts';
import { developmentGenesis, TestChain, testParams } from '../../../testing/chain-kit.ts';
import { challengeTransaction, claimed, outcomeTransaction } from '../../../testing/dispute-kit.ts';
import {
  commitAll,
  commitTransaction,
  type IncidentStep,
  incidentOf,
  openIncident,
  proposalOf,
  revealAll,
  revealTransaction,
  stepTransaction,
  testAlert,
  testTriage,
  unanimous,
} from '../../../testing/incident-kit.ts';
import { assertConserved } from '../../state/conservation.ts';

/** Enough stake for a hundred open votes of everybody. */
const richAccounts = Object.fromEntries(ROLES.map((role) => [role, { balance: 200_000, stake: 50_000 }]));
/** Reputation that one incident earns weighs in the next: here it earns none, so that only a leak could be seen. */
const still = {
  rewards: { ...testParams.rewards, proposerReputation: 0, supporterReputation: 0 },
  penalties: {
    ...testParams.penalties,
    ...{ opponentReputation: 0, rejectedProposerReputation: 0, rejectedSupporterReputation: 0 },
  },
  falsification: {
    ...testParams.falsification,
    ...{ proposerReputation: 0, supporterReputation: 0, challengerReputation: 0, failedChallengerReputation: 0 },
  },
  work: { ...testParams.work, epochBudget: 10_000_000 },
} as const;
const genesis = developmentGenesis({ treasury: 5_000_000, accounts: richAccounts, params: still });

type Turn = { readonly incident: number; readonly pick: number };
interface Timeline {
  readonly blocks: readonly { readonly afterMs: number; readonly turns: readonly Turn[] }[];
}

/** The next thing to do in an incident; which opinion and whether to challenge follows from the pick. */
function nextOf(chain: TestChain, incidentId: string, pick: number): Transaction | undefined {
  const { stepDue, state, proposalId, challenges } = incidentOf(chain, incidentId);
  const role = ROLES[pick % ROLES.length] as Role;
  const option = (['For', 'For', 'For', 'Against'] as const)[pick % 4] as VoteOption;
  if (stepDue !== '') return stepTransaction(chain, incidentId, stepDue as IncidentStep);
  const challenge = chain.state.get('challenge', challenges.at(-1) ?? '');
  const poll = challenge?.settled === false ? challenge : chain.state.get('proposal', proposalId);
  if (poll?.status === 'committing') return commitTransaction(chain, poll.proposalId, role, option);
  if (poll?.status === 'revealing') {
    const sealed = chain.state.get('vote', poll.proposalId, chain.transaction(role, 'stake', { amount: 1 }).sender);
    return (
      sealed && revealTransaction(chain, poll.proposalId, role, opened(sealed.commitment, chain, poll.proposalId, role))
    );
  }
  if (state !== 'Solution') return undefined;
  if (pick % 3 === 0) return challengeTransaction(chain, incidentId, role, { evidence: `evidence ${pick}` });
  return pick % 7 === 1 ? outcomeTransaction(chain, incidentId, role, true, `metrics ${pick}`) : undefined;
}

/** Which option a commitment of the kit holds. */
function opened(commitment: string, chain: TestChain, proposalId: string, role: Role): VoteOption {
  const options = ['For', 'Against'] as const;
  const match = options.find((option) => {
    const args = JSON.parse(commitTransaction(chain, proposalId, role, option).args) as { commitment: string };
    return args.commitment === commitment;
  });
  return match ?? 'For';
}

/**
 * Plays the turns of some incidents on one chain. All alerts are raised and triaged first, so that times agree; nonces
 * are the chain's own, so the same turn is another transaction where more is played.
 */
function play({ blocks }: Timeline, incidents: number, only?: number): TestChain {
  const chain = new TestChain(genesis, { signed: false });
  const ids = Array.from({ length: incidents }, (_, index) => index);
  const mine = ids.filter((index) => only === undefined || index === only);
  const nodeOf = (index: number) => `node-${index}`;
  chain.block(mine.map((index) => chain.transaction('alert_receiver', 'raise_alert', testAlert(nodeOf(index)))));
  chain.block(mine.map((index) => chain.transaction('data_detective', 'raise_alert', testAlert(nodeOf(index)))));
  chain.block(mine.map((index) => chain.transaction('alert_receiver', 'triage', testTriage(nodeOf(index)))));
  for (const { afterMs, turns } of blocks) {
    // Each transaction by a fresh nonce; one that is not formed spends none.
    const chosen = turns.filter(({ incident }) => mine.includes(incident % incidents));
    const built = chosen.map(({ incident, pick }) => ({ id: idOf(chain, nodeOf(incident % incidents)), pick }));
    for (const { id, pick } of built) {
      const transaction = nextOf(chain, id, pick);
      if (transaction) chain.block([withNonce(chain, transaction)], 0);
    }
    chain.block([], afterMs);
  }
  assertConserved(chain.state);
  return chain;
}

/** What was formed for a look spends no nonce. */
function withNonce(chain: TestChain, transaction: Transaction): Transaction {
  return { ...transaction, nonce: chain.account(transaction.sender).nonce };
}

const idOf = (chain: TestChain, node: string): string =>
  chain.state.get('alert', testTriage(node).alertId)?.incidentId ?? '';

/** An incident as it went: everything but weights, heights, hashes and names, which other incidents number. */
function courseOf(chain: TestChain, node: string) {
  const incident = incidentOf(chain, idOf(chain, node));
  const pollOf = (kind: 'proposal' | 'challenge', id: string) => {
    const record = chain.state.get(kind, id);
    const votes = record?.electorate.map(({ address }) => {
      const vote = chain.state.get('vote', id, address);
      return vote && [vote.option, vote.stake, vote.castAtMs, vote.gasPaid];
    });
    const escrow = record && 'escrow' in record ? record.escrow : [];
    return [record?.status, record?.decidedAtMs, record?.settled, record?.released, votes, escrow];
  };
  const { state, round, rootCause, openedAtMs, closedAtMs, challengeEndsAtMs, steps, outcomeReports } = incident;
  return {
    ...{ state, round, rootCause, openedAtMs, closedAtMs, challengeEndsAtMs },
    steps: steps.map(({ step, by, atMs, gasPaid }) => [step, by, atMs, gasPaid]),
    reports: outcomeReports.map(({ by, recovered, atMs }) => [by, recovered, atMs]),
    proposals: incident.proposals.map((id) => pollOf('proposal', id)),
    challenges: incident.challenges.map((id) => pollOf('challenge', id)),
  };
}

describe('incidents side by side', () => {
  test('go as each would alone, whatever the others do', () => {
    const timeline = fc.record({
      blocks: fc.array(
        fc.record({
          afterMs: fc.constantFrom(500, 1_000, 1_000, 11_000, 61_000),
          turns: fc.array(fc.record({ incident: fc.nat({ max: 2 }), pick: fc.nat({ max: 200 }) }), {
            minLength: 2,
            maxLength: 14,
            size: 'max',
          }),
        }),
        { minLength: 8, maxLength: 22, size: 'max' },
      ),
    });
    const ends = new Set<string>();
    fc.assert(
      fc.property(timeline, (times) => {
        const together = play(times, 3);
        for (const index of [0, 1, 2]) {
          const course = courseOf(together, `node-${index}`);
          expect(course).toEqual(courseOf(play(times, 3, index), `node-${index}`));
          ends.add(course.state);
        }
      }),
      { numRuns: 20, seed: 20_261_122 },
    );
    expect(ends.size).toBeGreaterThan(2);
  }, 300_000);

  test('cannot use stake that another holds', () => {
    const accounts = { fault_mapper: { stake: 30 } };
    const { chain, proposalId } = claimed({ accounts });
    const second = claimed({ chain, node: 'web-pay' });
    commitAll(chain, proposalId, { fault_mapper: 'For' });
    const [receipt] = chain.block([commitTransaction(chain, second.proposalId, 'fault_mapper', 'For')]).receipts;
    expect(receipt?.reason).toBe('INSUFFICIENT_STAKE');
  });

  test('a hundred at once are voted on, solved and paid', () => {
    const chain = new TestChain(genesis, { signed: false });
    const nodes = Array.from({ length: 100 }, (_, index) => `node-${index}`);
    chain.block(nodes.map((node) => chain.transaction('alert_receiver', 'raise_alert', testAlert(node))));
    chain.block(nodes.map((node) => chain.transaction('alert_receiver', 'triage', testTriage(node))));
    const ids = chain.state.get('sequence')?.open ?? [];
    expect(ids.length).toBe(100);
    const steps = [
      'schedule_tasks',
      'submit_data_collection',
      'submit_dependency_graph',
      'submit_fault_assessment',
    ] as const;
    for (const step of [...steps, 'propose_root_cause'] as const) {
      chain.block(ids.map((id) => stepTransaction(chain, id, step)));
    }
    const proposals = ids.map((id) => incidentOf(chain, id).proposalId);
    for (const id of proposals) commitAll(chain, id, unanimous('For'), 10);
    for (const id of proposals) revealAll(chain, id, unanimous('For'), 10);
    expect(proposals.every((id) => proposalOf(chain, id).settled)).toBe(true);
    for (const step of ['submit_fault_web', 'submit_solution'] as const) {
      chain.block(ids.map((id) => stepTransaction(chain, id, step)));
    }
    chain.block([], testParams.challengeWindowMs);
    // More events than one receipt holds: the rest ends in the blocks that follow.
    for (let index = 0; index < 5; index += 1) chain.block();
    expect(ids.every((id) => incidentOf(chain, id).state === 'Finalized')).toBe(true);
    expect(chain.state.get('sequence')?.open).toEqual([]);
    for (const role of ROLES) expect(chain.account(role).locked).toBe(0);
    assertConserved(chain.state);
    expect(openIncident(chain, 'one-more')).toBe('INC-0101');
  }, 120_000);
});
