import { evidenceHash, type Hash, type IncidentRecord, type Step } from '@dao-gov/node/protocol';
import { proposalStake } from '../../core/auto-stake.ts';
import { blobOf } from '../../core/evidence/blob.ts';
import { checkCited } from '../../core/evidence/check-cited.ts';
import { snapshotDocument } from '../../core/evidence/documents.ts';
import { sentences } from '../../core/evidence/text.ts';
import type { Procedure, ProcedureContext, StepDuty } from './procedure.ts';

/** Steps whose evidence a claim rests on; the product comes first in each. */
const CITED: readonly Step[] = ['submit_data_collection', 'submit_dependency_graph', 'submit_fault_assessment'];

/** The claim, with tokens at stake by its probability. What is too uncertain is not claimed at all. */
export const proposeRootCause: Procedure<StepDuty> = async ({ incident }, context) => {
  const { proposalStakeMin } = context.params;
  const { rootCause, faultKind, probability, reason } = await context.decide('propose_root_cause');
  if (rootCause === null) return { declined: reason };
  const { cites, evidence } = await citesOf(incident, context);
  const account = await context.autoStake(proposalStakeMin);
  const args = {
    incidentId: incident.incidentId,
    ...{ rootCause, faultKind, probability },
    reason: sentences(reason),
    stake: proposalStake(account, proposalStakeMin, probability),
    cites,
  };
  return { intent: { type: 'propose_root_cause', args, evidence: [context.transcript(), ...evidence] } };
};

interface Cited {
  readonly cites: Hash[];
  /** Blobs that the claim brings along itself. */
  readonly evidence: readonly Uint8Array[];
}

/** Cites what the proposer can confirm, as its stake depends on it; for what it cannot, it brings its own figures. */
async function citesOf({ incidentId, steps, scope }: IncidentRecord, context: ProcedureContext): Promise<Cited> {
  const findings = await context.findings();
  const products = steps.filter(({ step }) => CITED.includes(step)).flatMap(({ evidence }) => evidence.slice(0, 1));
  const cites: Hash[] = [];
  for (const hash of new Set(products)) {
    const { discrepancies } = await checkCited(context.ledger, incidentId, [hash], findings);
    const [first] = discrepancies;
    if (first === undefined) cites.push(hash);
    else context.note({ en: `I do not cite ${hash}: ${first.en}.`, zh: `不引用 ${hash}：${first.zh}。` });
  }
  if (cites.length === new Set(products).size && cites.length > 0) return { cites, evidence: [] };
  const own = blobOf(snapshotDocument(incidentId, findings, scope));
  return { cites: [...new Set([...cites, evidenceHash(own)])], evidence: [own] };
}
