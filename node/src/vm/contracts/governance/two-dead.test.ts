/** With any two of seven dead from any phase on, an incident still ends, in sealed and in open mode, disputed or not. */
import { expect, test } from 'vitest';
import type { PollRecord } from '../../../protocol/records.ts';
import { mayPerform, ROLES, type Role } from '../../../protocol/roles.ts';
import type { Transaction } from '../../../protocol/types.ts';
import { developmentGenesis, TestChain, testAgent } from '../../../testing/chain-kit.ts';
import { challengeTransaction } from '../../../testing/dispute-kit.ts';
import {
  commitTransaction,
  type IncidentStep,
  incidentOf,
  openIncident,
  openVoteTransaction,
  revealTransaction,
  stepTransaction,
} from '../../../testing/incident-kit.ts';
import { assertConserved } from '../../state/conservation.ts';

type Phase = 'triage' | 'proposal' | 'commit' | 'reveal' | 'challenge' | 'second reveal';
const PHASES: readonly Phase[] = ['triage', 'proposal', 'commit', 'reveal', 'challenge', 'second reveal'];
/** Neighbours in the ring, the proposer with a voter, the challenger with the detective, the two ends. */
const PAIRS: readonly (readonly [Role, Role])[] = [
  ['process_scheduler', 'data_detective'],
  ['probability_oracle', 'fault_mapper'],
  ['fault_mapper', 'solution_engineer'],
  ['data_detective', 'fault_mapper'],
  ['alert_receiver', 'solution_engineer'],
];
const CHALLENGER: Role = 'solution_engineer';
const BLOCK_MS = 2_000;
const BLOCKS_MAX = 400;

/** What a living agent does about a vote. */
function voteOf(chain: TestChain, poll: PollRecord, role: Role): Transaction | undefined {
  const { address } = testAgent(role).wallet;
  const vote = chain.state.get('vote', poll.proposalId, address);
  const eligible = poll.electorate.some((place) => place.address === address);
  if (!eligible || chain.timestampMs + BLOCK_MS >= poll.revealEndsAtMs) return undefined;
  // The claim is right, so nobody votes for the challenge; who will make it has abstained before.
  const second = chain.state.get('challenge', poll.proposalId) !== undefined;
  const option = second ? 'Against' : role === CHALLENGER ? 'Abstain' : 'For';
  if (poll.status === 'voting' && !vote) return openVoteTransaction(chain, poll.proposalId, role, option);
  if (poll.status === 'committing' && !vote) return commitTransaction(chain, poll.proposalId, role, option);
  if (!poll.settled && vote?.option === '') return revealTransaction(chain, poll.proposalId, role, option);
  return undefined;
}

function stepOf(chain: TestChain, incidentId: string, alive: readonly Role[]): Transaction | undefined {
  const { stepDue, stepOpenedAtMs } = incidentOf(chain, incidentId);
  if (stepDue === '') return undefined;
  const elapsedMs = chain.timestampMs + BLOCK_MS - stepOpenedAtMs;
  const role = alive.find((one) => mayPerform(stepDue, one, elapsedMs, chain.genesis.params.stepDeadlineMs));
  return role && stepTransaction(chain, incidentId, stepDue as IncidentStep, role);
}

/** Whether the incident has come as far as the phase from which on two are dead. */
function hasReached(chain: TestChain, incidentId: string, phase: Phase): boolean {
  const { state, proposalId, challenges } = incidentOf(chain, incidentId);
  const status = chain.state.get('proposal', proposalId)?.status;
  const second = chain.state.get('challenge', challenges[0] ?? '')?.status;
  switch (phase) {
    case 'triage':
      return true;
    case 'proposal':
      return state !== 'Init';
    case 'commit':
      return status !== undefined;
    case 'reveal':
      return status !== undefined && status !== 'committing';
    case 'challenge':
      return second !== undefined;
    case 'second reveal':
      return second !== undefined && second !== 'committing';
  }
}

const scenes = (['sealed', 'open'] as const).flatMap((votingMode) =>
  PHASES.flatMap((phase) => PAIRS.map((dead) => ({ votingMode, phase, dead, who: dead.join(' and ') }))),
);

test.each(scenes)('$votingMode: $who dead from the $phase on', ({ votingMode, phase, dead }) => {
  const chain = new TestChain(developmentGenesis({ params: { votingMode } }), { signed: false });
  const incidentId = openIncident(chain);
  let died = false;
  for (let block = 0; block < BLOCKS_MAX && incidentOf(chain, incidentId).closedAtMs === 0; block += 1) {
    died ||= hasReached(chain, incidentId, phase);
    const alive = ROLES.filter((role) => !died || !dead.includes(role));
    const { proposalId, challenges, state } = incidentOf(chain, incidentId);
    const polls = [chain.state.get('proposal', proposalId), chain.state.get('challenge', challenges.at(-1) ?? '')];
    const disputes = phase.includes('challenge') || phase.includes('second');
    const opens = disputes && state === 'Solution' && challenges.length === 0;
    chain.block(
      [
        stepOf(chain, incidentId, alive),
        ...polls.flatMap((poll) => (poll ? alive.map((role) => voteOf(chain, poll, role)) : [])),
        opens ? challengeTransaction(chain, incidentId, CHALLENGER) : undefined,
      ].filter((transaction) => transaction !== undefined),
      BLOCK_MS,
    );
  }
  expect(incidentOf(chain, incidentId)).toMatchObject({ state: 'Finalized', rootCause: 'stock-db' });
  for (const role of ROLES) expect(chain.account(role).locked).toBe(0);
  assertConserved(chain.state);
});
