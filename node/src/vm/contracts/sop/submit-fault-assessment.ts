import { type Call, requireEvidence } from '../call.ts';
import { beginStep, completeStep } from './steps.ts';

/** How likely each node is the cause. Fails as `beginStep` (NO_DEPENDENCY_GRAPH), EVIDENCE_REQUIRED. */
export function submitFaultAssessment(call: Call<'submit_fault_assessment'>): void {
  const { incidentId, assessment, summary } = call.args;
  const incident = beginStep(call, incidentId, 'submit_fault_assessment');
  requireEvidence(call, assessment);
  completeStep(call, incident, { step: 'submit_fault_assessment', summary }, { stepDue: 'propose_root_cause' });
  call.emit('FaultAssessed', { ...call.args, by: call.sender });
}
