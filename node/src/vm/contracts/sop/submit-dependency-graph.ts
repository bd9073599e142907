import { type Call, requireEvidence } from '../call.ts';
import { beginStep, completeStep } from './steps.ts';

/** Who calls whom. Fails as `beginStep` (NO_DATA_COLLECTED), EVIDENCE_REQUIRED. */
export function submitDependencyGraph(call: Call<'submit_dependency_graph'>): void {
  const { incidentId, graph, summary } = call.args;
  const incident = beginStep(call, incidentId, 'submit_dependency_graph');
  requireEvidence(call, graph);
  const done = { step: 'submit_dependency_graph', summary } as const;
  completeStep(call, incident, done, { stepDue: 'submit_fault_assessment' });
  call.emit('DependencyGraphSubmitted', { ...call.args, by: call.sender });
}
