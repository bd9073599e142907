/** The two steps after consensus: how the fault spread, and how it is repaired. */
import { evidenceHash } from '@dao-gov/node/protocol';
import { blobOf } from '../../core/evidence/blob.ts';
import { faultWebDocument, solutionDocument } from '../../core/evidence/documents.ts';
import type { Procedure, StepDuty } from './procedure.ts';

export const submitFaultWeb: Procedure<StepDuty> = async ({ incident: { incidentId, rootCause } }, context) => {
  const { summary } = await context.decide('submit_fault_web');
  const faultWeb = blobOf(faultWebDocument(incidentId, await context.findings(), rootCause));
  const args = { incidentId, faultWeb: evidenceHash(faultWeb), summary };
  return { intent: { type: 'submit_fault_web', args, evidence: [faultWeb, context.transcript()] } };
};

export const submitSolution: Procedure<StepDuty> = async ({ incident }, context) => {
  const { incidentId } = incident;
  const { summary, steps } = await context.decide('submit_solution');
  const solution = blobOf(solutionDocument(incident, steps, await context.pastCases()));
  const args = { incidentId, solution: evidenceHash(solution), summary, steps: steps.length };
  return { intent: { type: 'submit_solution', args, evidence: [solution, context.transcript()] } };
};
