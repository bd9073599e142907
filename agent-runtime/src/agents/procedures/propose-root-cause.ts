import type { Hash, IncidentRecord, Step } from '@dao-gov/node/protocol';
import { proposalStake } from '../../core/auto-stake.ts';
import { sentences } from '../../core/evidence/text.ts';
import type { Procedure, StepDuty } from './procedure.ts';

/** Steps whose evidence a claim rests on; the product comes first in each. */
const CITED: readonly Step[] = ['submit_data_collection', 'submit_dependency_graph', 'submit_fault_assessment'];

/** The claim, with tokens at stake by its probability. What is too uncertain is not claimed at all. */
export const proposeRootCause: Procedure<StepDuty> = async ({ incident }, context) => {
  const { proposalStakeMin } = context.params;
  const { rootCause, faultKind, probability, reason } = await context.decide('propose_root_cause');
  if (rootCause === null) return { declined: reason };
  const account = await context.autoStake(proposalStakeMin);
  const args = {
    incidentId: incident.incidentId,
    ...{ rootCause, faultKind, probability },
    reason: sentences(reason),
    stake: proposalStake(account, proposalStakeMin, probability),
    cites: citesOf(incident),
  };
  return { intent: { type: 'propose_root_cause', args, evidence: [context.transcript()] } };
};

function citesOf({ steps }: IncidentRecord): Hash[] {
  const products = steps.filter(({ step }) => CITED.includes(step)).flatMap(({ evidence }) => evidence.slice(0, 1));
  return [...new Set(products)];
}
