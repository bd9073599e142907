/** Who reported what was measured after the fix, that each did so once and not about its own claim, and what followed. */
import type { CaseProposal } from '../case-records.ts';
import type { CaseContent } from '../content.ts';
import { check } from '../errors.ts';
import { named, numberOfEvent, ofProposal } from '../event-data.ts';
import { feeOf, same, stepsOf } from './procedure.ts';

function checkReports(content: CaseContent): void {
  const { outcomeReports } = content.records.incident;
  const steps = stepsOf(content, 'verify_outcome');
  check(steps.length === outcomeReports.length, 'the bundle has other reports of the outcome than the incident');
  const told = new Set<string>();
  for (const [index, { round, ...report }] of outcomeReports.entries()) {
    const step = steps[index];
    check(step !== undefined, 'the transaction of a report is missing');
    const { recovered, metrics } = step.call.args;
    const sent = { by: step.transaction.sender, recovered, metrics, atMs: step.atMs, transaction: step.hash };
    check(same(report, { ...sent, gasPaid: feeOf(step) }), 'a report of the outcome is not what was signed');
    check(step.transaction.evidence.includes(metrics), 'a report did not bring its metrics');
    const claim = content.records.proposals[round - 1];
    check(claim !== undefined && claim.record.openedAtMs <= step.atMs, 'a report is about no claim');
    check(claim.record.proposer !== report.by, 'a proposer reported the outcome of its own claim');
    check(!told.has(`${round} ${report.by}`), 'an agent reported the same outcome twice');
    told.add(`${round} ${report.by}`);
  }
}

function checkVerified(content: CaseContent, { record }: CaseProposal): void {
  const verified = named(ofProposal(content.events, record.proposalId), 'OutcomeVerified');
  check(verified.length <= 1, `the outcome of round ${record.round} was verified twice`);
  const [event] = verified;
  const isOverturned = record.overturnedBy === 'outcome';
  check(isOverturned === (event?.data.recovered === false), `the claim of round ${record.round} fell otherwise`);
  if (event === undefined) return;
  const agreeing = content.records.incident.outcomeReports.filter(
    ({ round, recovered, atMs }) => round === record.round && recovered === event.data.recovered && atMs <= event.atMs,
  );
  const told = agreeing.length > 0 && numberOfEvent(event, 'reports') === agreeing.length;
  check(told, `the outcome of round ${record.round} was verified by other reports`);
}

/** @throws CheckError */
export function checkVerification(content: CaseContent): void {
  checkReports(content);
  for (const proposal of content.records.proposals) checkVerified(content, proposal);
  const recovered = named(content.events, 'OutcomeVerified').filter(({ data }) => data.recovered === true);
  for (const { data } of named(content.events, 'IncidentFinalized')) {
    check(data.verified === (recovered.length === 1), 'the incident was finalized by another outcome');
  }
}
