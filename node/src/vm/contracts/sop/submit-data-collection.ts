import { type Call, requireEvidence } from '../call.ts';
import { beginStep, completeStep } from './steps.ts';

/** The metrics snapshot. Fails as `beginStep` (NO_TASKS_SCHEDULED), EVIDENCE_REQUIRED. */
export function submitDataCollection(call: Call<'submit_data_collection'>): void {
  const { incidentId, snapshot, summary } = call.args;
  const incident = beginStep(call, incidentId, 'submit_data_collection');
  requireEvidence(call, snapshot);
  const next = { state: 'Data_Collected', stepDue: 'submit_dependency_graph' } as const;
  completeStep(call, incident, { step: 'submit_data_collection', summary }, next);
  call.emit('DataCollected', { ...call.args, by: call.sender });
}
