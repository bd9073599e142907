/**
 * The procedure was followed: every step that the incident's record names is an included transaction and the other way
 * round, in the order that the contract prescribes, and every claim says what its proposer signed.
 */

import type { CallArgs, CallType } from '../../calls.ts';
import { canonicalText } from '../../canonical.ts';
import type { StepRecord } from '../../records.ts';
import { STEPS, type Step } from '../../roles.ts';
import type { CaseProposal } from '../case-records.ts';
import type { CaseContent, CaseStep } from '../content.ts';
import { check } from '../errors.ts';
import { alertIdOf, proposalIdOf } from '../relevance.ts';
import { isFinished } from '../verdict.ts';

type StepOf<T extends CallType> = CaseStep & { readonly call: { readonly type: T; readonly args: CallArgs[T] } };

/** The included transactions of one type. */
export const stepsOf = <T extends CallType>(content: CaseContent, type: T): readonly StepOf<T>[] =>
  content.steps.filter((step): step is StepOf<T> => step.call.type === type);

/** Tokens that a transaction paid for its gas. */
export const feeOf = ({ transaction, receipt }: CaseStep): number => receipt.gasUsed * transaction.gasPrice;

export const same = (a: unknown, b: unknown): boolean => canonicalText(a) === canonicalText(b);

function checkAlert(content: CaseContent): void {
  const { alert, incident } = content.records;
  const { node, metric, atMs, source } = alert;
  check(alertIdOf(alert) === alert.alertId && alert.alertId === incident.alertId, 'the alert is another one');
  check(alert.incidentId === incident.incidentId, 'the alert belongs to another incident');
  check(same(incident.alert, { node, metric, atMs, source }), 'the incident is about another alert');
  const raised = stepsOf(content, 'raise_alert');
  const observers = raised.map(({ transaction }) => transaction.sender);
  check(same(observers, alert.observers), 'the alert was raised by others than its record says');
  check(raised[0]?.atMs === alert.raisedAtMs, 'the alert was raised at another time than its record says');
  check(raised[0] !== undefined && feeOf(raised[0]) === alert.gasPaid, 'the alert paid another fee');
  check(raised[0]?.call.args.title === incident.title, 'the incident has another title than its alert');
}

function checkStep(record: StepRecord, step: CaseStep | undefined): void {
  const { step: name, by, atMs, height, transaction, evidence, gasPaid } = record;
  check(step !== undefined, `the transaction of the step ${name} is missing`);
  const stated = { name, by, atMs, height, transaction, evidence, gasPaid };
  const { sender, evidence: carried } = step.transaction;
  const place = { atMs: step.atMs, height: step.height, transaction: step.hash };
  const done = { name: step.call.type, by: sender, gasPaid: feeOf(step), ...place };
  check(same(stated, { ...done, evidence: carried }), `the step ${name} is not what its transaction says`);
}

/**
 * Another claim may follow one that was rejected, and one that was overturned, with a fault web and a solution of its
 * own; apart from that the steps come once, in the order of the procedure, none left out.
 */
function checkOrder({ incident, proposals }: CaseContent['records']): void {
  let due = 0;
  let claims = 0;
  for (const { step } of incident.steps) {
    const isClaim = step === 'propose_root_cause';
    const last = proposals[claims - 1]?.record.status;
    const again = isClaim && (last === 'rejected' || last === 'overturned');
    check(again || STEPS[due] === step, `the step ${step} is out of the order of the procedure`);
    due = STEPS.indexOf(step) + 1;
    if (isClaim) claims += 1;
  }
}

function checkSteps(content: CaseContent): void {
  const { incident } = content.records;
  checkOrder(content.records);
  const performed = content.steps.filter(({ call }) => STEPS.includes(call.type as Step));
  check(performed.length === incident.steps.length, 'the bundle has other steps than the incident');
  for (const [index, record] of incident.steps.entries()) checkStep(record, performed[index]);
  const [triage] = stepsOf(content, 'triage');
  check(triage?.call.args.priority === incident.priority, 'the incident has another priority than its triage');
  check(triage.atMs === incident.openedAtMs, 'the incident was opened at another time than its triage');
}

function checkClaim(content: CaseContent, { record }: CaseProposal, index: number): void {
  const step = stepsOf(content, 'propose_root_cause')[index];
  check(step !== undefined, `the transaction of claim ${index + 1} is missing`);
  const { proposalId, incidentId, round, proposer, openedAtMs, stake, cites, reason } = record;
  const { rootCause, faultKind, probability } = record;
  const where = `claim ${index + 1}`;
  const stated = { incidentId, rootCause, faultKind, probability, reason, stake, cites };
  check(same(stated, step.call.args), `${where} is not what its proposer signed`);
  check(proposer === step.transaction.sender && openedAtMs === step.atMs, `${where} has another proposer or time`);
  check(round === index + 1, `${where} is of another round`);
  const id = proposalIdOf({ incidentId, round, proposer, rootCause });
  check(proposalId === id && content.records.incident.proposals[index] === id, `${where} has another id`);
  const known = new Set(
    content.steps
      .filter(({ height, index: place }) => height < step.height || (height === step.height && place <= step.index))
      .flatMap(({ transaction }) => transaction.evidence),
  );
  check(
    cites.every((hash) => known.has(hash)),
    `${where} cites evidence that was not there before it`,
  );
}

/** What the record says of the end follows from its steps, claims and time. */
function checkState(content: CaseContent): void {
  const { incident, proposals } = content.records;
  const { state, steps, closedAtMs, challengeEndsAtMs, rootCause, faultKind, round, proposalId } = incident;
  const passed = proposals.find(({ record }) => record.status === 'passed')?.record;
  check(
    rootCause === (passed?.rootCause ?? '') && faultKind === (passed?.faultKind ?? ''),
    'the root cause is no claim that passed',
  );
  check(round === proposals.length, 'the incident is in another round than its claims');
  check(proposalId === (proposals.at(-1)?.record.proposalId ?? ''), 'the incident names another claim as its last');
  check(isFinished(incident) === closedAtMs > 0, 'the incident is closed and open at once');
  check(closedAtMs <= content.asOf.timestampMs, 'the incident was closed in the future');
  if (state !== 'Solution' && state !== 'Finalized') return;
  const solved = passed !== undefined && steps.at(-1)?.step === 'submit_solution';
  check(solved && challengeEndsAtMs > 0, 'the incident has a solution without a claim that passed');
}

/** @throws CheckError */
export function checkProcedure(content: CaseContent): void {
  checkAlert(content);
  checkSteps(content);
  const { proposals } = content.records;
  check(
    stepsOf(content, 'propose_root_cause').length === proposals.length,
    'the bundle has other claims than the incident',
  );
  for (const [index, proposal] of proposals.entries()) checkClaim(content, proposal, index);
  checkState(content);
}
