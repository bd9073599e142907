import { type AccountRecord, evidenceHash, type ProposalRecord } from '@dao-gov/node/protocol';
import { type Findings, judge, thousandths } from '../../analysis/index.ts';
import { stakeToAdd } from '../../core/auto-stake.ts';
import { blobOf } from '../../core/evidence/blob.ts';
import { assessmentDocument, snapshotDocument } from '../../core/evidence/documents.ts';
import { sentences } from '../../core/evidence/text.ts';
import type { DutyOf, Prepared, Procedure, ProcedureContext } from './procedure.ts';

/**
 * Looks at an agreed claim again with newer telemetry, and challenges it if that speaks for another cause: by the
 * engine's probability and by the role's own view, and only with a bond that the agent can afford.
 */
export const challenge: Procedure<DutyOf<'challenge'>> = async ({ incident, proposal }, context) => {
  const { pollMs } = context.policy.challenge;
  const newer = await context.newer();
  if (newer === 'never')
    return declined('My source holds nothing newer than the claim.', '数据源没有比提案更新的数据。');
  if (newer === 'later' || !speaksAgainst(newer, proposal, context)) {
    return {
      later: { en: 'Nothing newer speaks against the claim.', zh: '尚无更新的数据与提案相悖。' },
      restMs: pollMs,
    };
  }
  const { rootCause, reason } = await context.decide('challenge');
  if (rootCause === null || rootCause === proposal.rootCause) return { declined: reason };
  if (!isProbable(rootCause, newer, context)) {
    return declined(`${rootCause} is not probable enough to bond on.`, `${rootCause} 的概率不足以质押。`);
  }
  const free = await freeStakeFor(proposal.stake, context);
  if (free < proposal.stake) {
    return declined(`I cannot afford the bond of ${proposal.stake}.`, `无法负担 ${proposal.stake} 的保证金。`);
  }
  const { incidentId, scope } = incident;
  const snapshot = blobOf(snapshotDocument(incidentId, newer, [...scope, proposal.rootCause, rootCause]));
  const assessment = blobOf(assessmentDocument(incidentId, newer));
  const cites = [evidenceHash(snapshot), evidenceHash(assessment)];
  const args = { incidentId, bond: proposal.stake, cites, reason: sentences(reason) };
  return { intent: { type: 'challenge', args, evidence: [snapshot, assessment, context.transcript()] } };
};

const declined = (en: string, zh: string): Prepared => ({ declined: { en, zh } });

/** Cheap and bounded: no reasoner is asked, and none can talk its way past it. */
function speaksAgainst(newer: Findings, { rootCause }: ProposalRecord, context: ProcedureContext): boolean {
  const first = newer.candidates[0];
  if (newer.verdict !== 'root-cause' || first === undefined || first.node === rootCause) return false;
  return isProbable(first.node, newer, context) && judge(context.view, newer, rootCause).option === 'Against';
}

function isProbable(node: string, { candidates }: Findings, { policy }: ProcedureContext): boolean {
  const probability = candidates.find((candidate) => candidate.node === node)?.probability ?? 0;
  return thousandths(probability) >= policy.challenge.probabilityMin;
}

/** @returns the free stake after topping it up to the bond, if the agent's means reach that far */
async function freeStakeFor(bond: number, context: ProcedureContext): Promise<number> {
  const account = await context.ledger.account(context.address);
  if (account === undefined) return 0;
  const free = ({ stake, locked }: AccountRecord): number => stake - locked;
  if (free(account) + stakeToAdd(account, bond) < bond) return free(account);
  return free(await context.autoStake(bond));
}
