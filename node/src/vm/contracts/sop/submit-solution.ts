import { type Call, requireEvidence } from '../call.ts';
import { openChallengeWindow } from './challenge-window.ts';
import { beginStep, completeStep } from './steps.ts';

/** The repair steps; opens the challenge window. Fails as `beginStep` (NO_CONSENSUS, NO_FAULT_WEB), EVIDENCE_REQUIRED. */
export function submitSolution(call: Call<'submit_solution'>): void {
  const { incidentId, solution, summary } = call.args;
  const incident = beginStep(call, incidentId, 'submit_solution');
  requireEvidence(call, solution);
  call.emit('SolutionSubmitted', { ...call.args, by: call.sender });
  const challengeEndsAtMs = openChallengeWindow(call, incident);
  const next = { state: 'Solution', stepDue: '', challengeEndsAtMs } as const;
  completeStep(call, incident, { step: 'submit_solution', summary }, next);
}
