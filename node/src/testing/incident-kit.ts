/** Test-only: an incident of a made-up shop, played on a `TestChain` step by step. */
import type { CallArgs, VoteOption } from '../protocol/calls.ts';
import { voteCommitment } from '../protocol/hashing.ts';
import type { IncidentRecord, ProposalRecord } from '../protocol/records.ts';
import { ROLES, type Role, STEP_ROLE, STEPS, type Step } from '../protocol/roles.ts';
import type { Hash, Receipt, Transaction } from '../protocol/types.ts';
import { alertIdOf } from '../vm/contracts/sop/raise-alert.ts';
import type { ExecutionResult } from '../vm/execute.ts';
import { type TestChain, testAgent, testEvidence } from './chain-kit.ts';

const both = (text: string) => ({ en: text, zh: text });

export const testAlert = (node = 'web-buy'): CallArgs['raise_alert'] => ({
  node,
  metric: 'error_rate',
  atMs: 1_700_000_000_000,
  source: 'capture:shop',
  title: `Errors at ${node}`,
});

export const testTriage = (node?: string): CallArgs['triage'] => ({
  alertId: alertIdOf(testAlert(node)),
  priority: 'P1',
  summary: 'Customers cannot buy.',
});

const summary = 'As seen in the evidence.';
const EVIDENCE = {
  snapshot: testEvidence('snapshot'),
  graph: testEvidence('graph'),
  assessment: testEvidence('assessment'),
  faultWeb: testEvidence('fault web'),
  solution: testEvidence('solution'),
} as const;
export const testCites: readonly Hash[] = [EVIDENCE.snapshot, EVIDENCE.graph];

export const testProposal = (incidentId: string, rootCause = 'stock-db'): CallArgs['propose_root_cause'] => ({
  incidentId,
  rootCause,
  faultKind: 'latency',
  probability: 870,
  reason: both(`${rootCause} slowed down first.`),
  stake: 100,
  cites: [...testCites],
});

/** The calls that need nothing but the incident, with the evidence they name. */
const stepArgs = (incidentId: string) => ({
  schedule_tasks: { incidentId, scope: ['web-buy', 'stock-db'], windowFromMs: 1, windowToMs: 2, summary },
  submit_data_collection: { incidentId, snapshot: EVIDENCE.snapshot, summary },
  submit_dependency_graph: { incidentId, graph: EVIDENCE.graph, summary },
  submit_fault_assessment: {
    incidentId,
    assessment: EVIDENCE.assessment,
    candidates: [{ node: 'stock-db', probability: 870 }],
    summary,
  },
  propose_root_cause: testProposal(incidentId),
  submit_fault_web: { incidentId, faultWeb: EVIDENCE.faultWeb, summary },
  submit_solution: { incidentId, solution: EVIDENCE.solution, summary, steps: 3 },
});
export type IncidentStep = Exclude<Step, 'triage'>;

const STEP_EVIDENCE: Readonly<Record<IncidentStep, readonly Hash[]>> = {
  schedule_tasks: [],
  submit_data_collection: [EVIDENCE.snapshot],
  submit_dependency_graph: [EVIDENCE.graph],
  submit_fault_assessment: [EVIDENCE.assessment],
  propose_root_cause: [],
  submit_fault_web: [EVIDENCE.faultWeb],
  submit_solution: [EVIDENCE.solution],
};

/** The transaction that performs a step, by default by the role that it belongs to. */
export function stepTransaction(
  chain: TestChain,
  incidentId: string,
  step: IncidentStep,
  by: Role = STEP_ROLE[step],
): Transaction {
  return chain.transaction(by, step, stepArgs(incidentId)[step], { evidence: STEP_EVIDENCE[step] });
}

function succeeded(receipt: Receipt | undefined): Receipt {
  if (receipt?.status !== 'success') throw new Error(`${receipt?.reason}: ${receipt?.detail}`);
  return receipt;
}

/** Raises and triages an alert. @returns the incident's id */
export function openIncident(chain: TestChain, node?: string): string {
  succeeded(chain.call('alert_receiver', 'raise_alert', testAlert(node)));
  succeeded(chain.call('alert_receiver', 'triage', testTriage(node)));
  return chain.state.get('alert', testTriage(node).alertId)?.incidentId ?? '';
}

export function incidentOf(chain: TestChain, incidentId: string): IncidentRecord {
  const incident = chain.state.get('incident', incidentId);
  if (!incident) throw new Error(`no incident ${incidentId}`);
  return incident;
}

/** Performs the steps before `step`, each by its own role, up to the proposal or from a passed one on. */
export function advanceTo(chain: TestChain, incidentId: string, step: IncidentStep): void {
  for (const due of STEPS) {
    if (due === step) return;
    if (due === 'triage' || incidentOf(chain, incidentId).stepDue !== due) continue;
    succeeded(chain.block([stepTransaction(chain, incidentId, due)]).receipts[0]);
  }
}

/** Opens a proposal. @returns its record */
export function propose(
  chain: TestChain,
  incidentId: string,
  rootCause?: string,
  by: Role = 'probability_oracle',
): ProposalRecord {
  succeeded(chain.call(by, 'propose_root_cause', testProposal(incidentId, rootCause)));
  return proposalOf(chain, incidentOf(chain, incidentId).proposalId);
}

export function proposalOf(chain: TestChain, proposalId: Hash): ProposalRecord {
  const proposal = chain.state.get('proposal', proposalId);
  if (!proposal) throw new Error(`no proposal ${proposalId}`);
  return proposal;
}

export type Ballots = Partial<Record<Role, VoteOption>>;
const entriesOf = (ballots: Ballots) => Object.entries(ballots) as [Role, VoteOption][];
export const testSalt = (role: Role): Hash => testEvidence(`salt of ${role}`);

export function commitTransaction(
  chain: TestChain,
  proposalId: Hash,
  role: Role,
  option: VoteOption,
  stake = 20,
): Transaction {
  const voter = testAgent(role).wallet.address;
  const commitment = voteCommitment(chain.genesis.chainId, proposalId, voter, option, testSalt(role));
  return chain.transaction(role, 'vote', { proposalId, stake, commitment });
}

export function revealTransaction(chain: TestChain, proposalId: Hash, role: Role, option: VoteOption): Transaction {
  const args = { proposalId, option, salt: testSalt(role), reason: both(`${option}, from what I see.`) };
  return chain.transaction(role, 'reveal_vote', args);
}

export function openVoteTransaction(
  chain: TestChain,
  proposalId: Hash,
  role: Role,
  option: VoteOption,
  stake = 20,
): Transaction {
  const reason = both(`${option}, from what I see.`);
  return chain.transaction(role, 'vote', { proposalId, stake, option, reason });
}

/** All commitments in one block. */
export function commitAll(chain: TestChain, proposalId: Hash, ballots: Ballots, afterMs?: number): ExecutionResult {
  const result = chain.block(
    entriesOf(ballots).map(([role, option]) => commitTransaction(chain, proposalId, role, option)),
    afterMs,
  );
  for (const receipt of result.receipts) succeeded(receipt);
  return result;
}

/** All reveals in one block. */
export function revealAll(chain: TestChain, proposalId: Hash, ballots: Ballots, afterMs?: number): ExecutionResult {
  const result = chain.block(
    entriesOf(ballots).map(([role, option]) => revealTransaction(chain, proposalId, role, option)),
    afterMs,
  );
  for (const receipt of result.receipts) succeeded(receipt);
  return result;
}

/** Everybody who may vote on a proposal, all of one opinion. */
export const unanimous = (option: VoteOption, proposer: Role = 'probability_oracle'): Ballots =>
  Object.fromEntries(ROLES.filter((role) => role !== proposer).map((role) => [role, option]));

/** Names of all events of a block, in order. */
export const eventNames = ({ receipts }: ExecutionResult): readonly string[] =>
  receipts.flatMap(({ events }) => events.map(({ name }) => name));
