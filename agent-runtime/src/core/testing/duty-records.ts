/** Test-only: records as a state holds them, for tests of what follows from them. */
import type { AlertRecord, ChallengeRecord, IncidentRecord, ProposalRecord, VoteRecord } from '@dao-gov/node/protocol';
import type { AgentView, IncidentView } from '../duties.ts';

export const OPENED_MS = 1_000_000;
export const ME = 'aa'.repeat(20);
export const OTHER = 'bb'.repeat(20);
export const PROPOSAL = 'cc'.repeat(32);
export const CHALLENGE = 'bb'.repeat(32);

export const incidentWith = (changes: Partial<IncidentRecord>): IncidentRecord => ({
  incidentId: 'INC-0001',
  alertId: 'dd'.repeat(32),
  title: 'It is slow',
  alert: { node: 'web', metric: 'latency', atMs: 500_000, source: 'capture' },
  priority: 'P2',
  state: 'Init',
  openedAtMs: OPENED_MS,
  stepOpenedAtMs: OPENED_MS,
  stepDue: '',
  scope: ['web'],
  steps: [],
  round: 0,
  proposalId: '',
  proposals: [],
  rootCause: '',
  faultKind: '',
  challengeEndsAtMs: 0,
  closedAtMs: 0,
  challenges: [],
  outcomeReports: [],
  ...changes,
});

export const proposalWith = (changes: Partial<ProposalRecord>): ProposalRecord => ({
  proposalId: PROPOSAL,
  incidentId: 'INC-0001',
  round: 1,
  proposer: OTHER,
  rootCause: 'db',
  faultKind: 'latency',
  probability: 800,
  reason: { en: 'it is', zh: '是' },
  cites: [],
  stake: 100,
  status: 'committing',
  openedAtMs: OPENED_MS,
  commitEndsAtMs: OPENED_MS + 10_000,
  revealEndsAtMs: OPENED_MS + 20_000,
  decidedAtMs: 0,
  settled: false,
  released: false,
  alpha: 500,
  beta: 500,
  electorate: [{ address: ME, weight: 4_000 }],
  weightFor: 0,
  weightAgainst: 0,
  weightAbstain: 0,
  escrow: [],
  withheldFrom: '',
  overturnedBy: '',
  ...changes,
});

export const voteWith = (changes: Partial<VoteRecord>): VoteRecord => ({
  proposalId: PROPOSAL,
  voter: ME,
  weight: 4_000,
  stake: 20,
  commitment: 'ee'.repeat(32),
  option: '',
  reason: null,
  castAtMs: OPENED_MS,
  gasPaid: 200,
  evidence: [],
  ...changes,
});

export const alertWith = (changes: Partial<AlertRecord>): AlertRecord => ({
  alertId: 'dd'.repeat(32),
  node: 'web',
  metric: 'latency',
  atMs: 500_000,
  source: 'capture',
  title: 'It is slow',
  raisedAtMs: OPENED_MS,
  observers: [OTHER],
  gasPaid: 220,
  incidentId: '',
  ...changes,
});

export const viewOf = (
  incident: IncidentView | undefined,
  afterMs = 0,
  alerts: readonly AlertRecord[] = [],
): AgentView => ({
  nowMs: OPENED_MS + afterMs,
  alerts,
  incidents: incident ? [incident] : [],
  motions: [],
});

export const challengeWith = (changes: Partial<ChallengeRecord>): ChallengeRecord => {
  const {
    rootCause: _,
    faultKind: _kind,
    probability: _p,
    escrow: _e,
    withheldFrom: _w,
    overturnedBy: _o,
    ...poll
  } = proposalWith({});
  return {
    ...poll,
    ...{ proposalId: CHALLENGE, claim: PROPOSAL, newEvidence: [], windowLeftMs: 0, gasPaid: 0 },
    ...{ result: '', decidedBy: '' },
    ...changes,
  };
};
