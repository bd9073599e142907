import { type Call, requireEvidence } from '../call.ts';
import { beginStep, completeStep } from './steps.ts';

/** How the fault spread. Fails as `beginStep` (NO_CONSENSUS), EVIDENCE_REQUIRED. */
export function submitFaultWeb(call: Call<'submit_fault_web'>): void {
  const { incidentId, faultWeb, summary } = call.args;
  const incident = beginStep(call, incidentId, 'submit_fault_web');
  requireEvidence(call, faultWeb);
  completeStep(call, incident, { step: 'submit_fault_web', summary }, { stepDue: 'submit_solution' });
  call.emit('FaultWebSubmitted', { ...call.args, by: call.sender });
}
