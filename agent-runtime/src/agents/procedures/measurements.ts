/** The steps that put measured data on chain: what is submitted is the engine's product, the reasoner adds the words. */
import { evidenceHash } from '@dao-gov/node/protocol';
import { CALL_NAME_CHARS_MAX, CANDIDATES_ON_CHAIN_MAX } from '../../core/constants.ts';
import { blobOf } from '../../core/evidence/blob.ts';
import { assessmentDocument, graphDocument, snapshotDocument } from '../../core/evidence/documents.ts';
import type { Procedure, StepDuty } from './procedure.ts';

export const submitDataCollection: Procedure<StepDuty> = async ({ incident }, context) => {
  const { incidentId, scope } = incident;
  const { summary } = await context.decide('submit_data_collection');
  const snapshot = blobOf(snapshotDocument(incidentId, await context.findings(), scope));
  const args = { incidentId, snapshot: evidenceHash(snapshot), summary };
  return { intent: { type: 'submit_data_collection', args, evidence: [snapshot, context.transcript()] } };
};

export const submitDependencyGraph: Procedure<StepDuty> = async ({ incident: { incidentId } }, context) => {
  const { summary } = await context.decide('submit_dependency_graph');
  const graph = blobOf(graphDocument(incidentId, await context.findings()));
  const args = { incidentId, graph: evidenceHash(graph), summary };
  return { intent: { type: 'submit_dependency_graph', args, evidence: [graph, context.transcript()] } };
};

export const submitFaultAssessment: Procedure<StepDuty> = async ({ incident: { incidentId } }, context) => {
  const { summary } = await context.decide('submit_fault_assessment');
  const document = assessmentDocument(incidentId, await context.findings());
  const assessment = blobOf(document);
  const candidates = document.candidates
    .filter(({ node }) => node.length <= CALL_NAME_CHARS_MAX)
    .slice(0, CANDIDATES_ON_CHAIN_MAX)
    .map(({ node, probability }) => ({ node, probability }));
  const args = { incidentId, assessment: evidenceHash(assessment), candidates, summary };
  return { intent: { type: 'submit_fault_assessment', args, evidence: [assessment, context.transcript()] } };
};
