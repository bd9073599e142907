import type { IncidentRecord } from '../../../protocol/records.ts';
import type { Effects } from '../call.ts';

/**
 * The one place where an incident ends. Whatever is to happen to every account at that moment (the reboot of those
 * that can no longer pay for gas and the minimum stake) belongs here.
 */
export function endIncident(effects: Effects, incident: IncidentRecord, state: 'Finalized' | 'Inconclusive'): void {
  const { draft, block } = effects;
  const { incidentId } = incident;
  draft.set('incident', { ...incident, state, stepDue: '', closedAtMs: block.timestampMs }, incidentId);
  const sequence = draft.must('sequence');
  draft.set('sequence', { ...sequence, open: sequence.open.filter((id) => id !== incidentId) });
}
