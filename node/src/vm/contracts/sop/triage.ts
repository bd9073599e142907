import type { AlertRecord, IncidentRecord } from '../../../protocol/records.ts';
import { ensure } from '../../errors.ts';
import { add } from '../../integers.ts';
import { agentOf, type Call } from '../call.ts';
import { paramsOf } from '../params/params.ts';
import { isTurnOf } from './ring.ts';
import { stepRecordOf } from './steps.ts';

const incidentIdOf = (number: number): string => `INC-${String(number).padStart(4, '0')}`;

/** Opens the incident of an alert. Fails: NOT_AN_AGENT, ALERT_UNKNOWN, ALERT_TRIAGED, NOT_YOUR_ROLE. */
export function triage(call: Call<'triage'>): void {
  const { args, draft, sender } = call;
  const alert = triageableAlert(call);
  const sequence = draft.must('sequence');
  const incidents = add(sequence.incidents, 1);
  const incidentId = incidentIdOf(incidents);
  draft.set('incident', incidentOf(call, alert, incidentId), incidentId);
  draft.set('alert', { ...alert, incidentId }, alert.alertId);
  draft.set('sequence', {
    incidents,
    open: [...sequence.open, incidentId],
    untriaged: sequence.untriaged.filter((id) => id !== alert.alertId),
  });
  call.emit('IncidentOpened', { ...args, incidentId, by: sender, title: alert.title });
}

function triageableAlert(call: Call<'triage'>): AlertRecord {
  const { role } = agentOf(call);
  const alert = call.draft.get('alert', call.args.alertId);
  ensure(alert !== undefined, 'ALERT_UNKNOWN', 'There is no such alert.');
  ensure(alert.incidentId === '', 'ALERT_TRIAGED', `This alert is ${alert.incidentId} already.`);
  const mine = isTurnOf({
    step: 'triage',
    role,
    sender: call.sender,
    rejectedProposer: '',
    elapsedMs: call.block.timestampMs - alert.raisedAtMs,
    stepDeadlineMs: paramsOf(call.draft).stepDeadlineMs,
  });
  ensure(mine, 'NOT_YOUR_ROLE', 'It is not yet the turn of this role.');
  return alert;
}

function incidentOf(call: Call<'triage'>, alert: AlertRecord, incidentId: string): IncidentRecord {
  const { alertId, title, node, metric, atMs, source } = alert;
  const nowMs = call.block.timestampMs;
  return {
    ...{ incidentId, alertId, title, alert: { node, metric, atMs, source }, priority: call.args.priority },
    ...{ state: 'Init', openedAtMs: nowMs, stepOpenedAtMs: nowMs, stepDue: 'schedule_tasks', scope: [] },
    steps: [stepRecordOf(call, 'triage', call.args.summary)],
    ...{ round: 0, proposalId: '', proposals: [], rootCause: '', faultKind: '' },
    ...{ challengeEndsAtMs: 0, closedAtMs: 0, challenges: [], outcomeReports: [] },
  };
}
