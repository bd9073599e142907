import type { IncidentRecord } from '../../../protocol/records.ts';
import type { Effects } from '../call.ts';
import { rebootBankrupts } from '../token/reboot.ts';

/** The one place where an incident ends, and with it for some the means to take part in another. */
export function endIncident(effects: Effects, incident: IncidentRecord, state: 'Finalized' | 'Inconclusive'): void {
  const { draft, block } = effects;
  const { incidentId } = incident;
  draft.set('incident', { ...incident, state, stepDue: '', closedAtMs: block.timestampMs }, incidentId);
  const sequence = draft.must('sequence');
  draft.set('sequence', { ...sequence, open: sequence.open.filter((id) => id !== incidentId) });
  rebootBankrupts(effects, incidentId);
}
