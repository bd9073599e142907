import type { IncidentRecord } from '../../../protocol/records.ts';
import { OUTCOME_ROLE, ringDistance } from '../../../protocol/roles.ts';
import { ensure } from '../../errors.ts';
import { agentOf, type Call, requireEvidence } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { reportsOf } from './falsify.ts';
import { isClosed } from './steps.ts';

/**
 * What was measured after the fix. One agent's word is no outcome: `outcomeReportsMin` agents must report the same, each
 * with metrics of its own, in their turn of the ring and while the challenge window is open; the block's own phase then
 * acts on it. Not the proposer, whose claim it is.
 * Fails: NOT_AN_AGENT, INCIDENT_UNKNOWN, CHALLENGE_WINDOW_NOT_OPEN, CHALLENGE_WINDOW_CLOSED, OUTCOME_OWN_CLAIM,
 * OUTCOME_REPORTED, EVIDENCE_REQUIRED, EVIDENCE_NOT_NEW, NOT_YOUR_ROLE.
 */
export function verifyOutcome(call: Call<'verify_outcome'>): void {
  const { args, draft, sender, block, transaction, fee } = call;
  const { role } = agentOf(call);
  const incident = reportable(call);
  const claim = draft.must('proposal', incident.proposalId);
  ensure(claim.proposer !== sender, 'OUTCOME_OWN_CLAIM', 'A proposer does not verify its own claim.');
  const earlier = incident.outcomeReports.filter(({ round }) => round === incident.round);
  const again = earlier.some(({ by }) => by === sender);
  ensure(!again, 'OUTCOME_REPORTED', 'The sender has reported this outcome already.');
  requireEvidence(call, args.metrics);
  requireOwnMetrics(call, incident);
  const elapsedMs = block.timestampMs - incident.stepOpenedAtMs;
  const mine = elapsedMs >= ringDistance(role, OUTCOME_ROLE) * paramsOf(draft).stepDeadlineMs;
  ensure(mine, 'NOT_YOUR_ROLE', 'It is not yet the turn of this role.');
  const { incidentId, recovered, metrics } = args;
  const report = { by: sender, round: incident.round, recovered, metrics, atMs: block.timestampMs };
  const outcomeReports = [...incident.outcomeReports, { ...report, transaction, gasPaid: fee }];
  draft.set('incident', { ...incident, outcomeReports }, incidentId);
  const reports = reportsOf({ ...incident, outcomeReports }, recovered);
  call.emit('OutcomeReported', { ...args, by: sender, proposalId: claim.proposalId, reports });
}

function reportable({ args, draft, block }: Call<'verify_outcome'>): IncidentRecord {
  const incident = draft.get('incident', args.incidentId);
  ensure(incident !== undefined, 'INCIDENT_UNKNOWN', `There is no incident ${args.incidentId}.`);
  ensure(!isClosed(incident), 'CHALLENGE_WINDOW_CLOSED', 'The incident has ended: its outcome stands.');
  ensure(
    incident.state === 'Solution',
    'CHALLENGE_WINDOW_NOT_OPEN',
    'There is no solution yet whose outcome could be.',
  );
  const disputed = incident.challenges.some((id) => !draft.must('challenge', id).settled);
  const inTime = disputed || block.timestampMs < incident.challengeEndsAtMs;
  ensure(inTime, 'CHALLENGE_WINDOW_CLOSED', 'The challenge window is over: this evidence comes too late.');
  return incident;
}

/** Metrics from before the fix, or another agent's, measure nothing. @throws ContractError EVIDENCE_NOT_NEW */
function requireOwnMetrics({ args }: Call<'verify_outcome'>, { steps, outcomeReports }: IncidentRecord): void {
  const seen = [...steps.flatMap(({ evidence }) => evidence), ...outcomeReports.map(({ metrics }) => metrics)];
  ensure(!seen.includes(args.metrics), 'EVIDENCE_NOT_NEW', 'These metrics were reported before.');
}
