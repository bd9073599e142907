/**
 * The block's own phase, after all its transactions: deadlines, decisions, settlements, releases. It works through the
 * open incidents, oldest first, in turns whose events are bounded; what no longer fits into one receipt is done by the
 * next block. Every turn either changes nothing or finishes something, so nobody waits for ever.
 */
import { EVENTS_PER_RECEIPT_MAX } from '../../protocol/constants.ts';
import { EVENTS_PER_SYSTEM_TURN_MAX } from '../constants.ts';
import type { Effects } from './call.ts';
import { advanceProposal } from './governance/advance.ts';
import { advanceGovernment } from './governance/motions.ts';
import { advanceIncident, applyVerdict } from './sop/advance.ts';
import { advanceFalsification } from './sop/falsify.ts';
import { isClosed } from './sop/steps.ts';

/** @param emitted tells how many events this phase has emitted so far */
export function runSystemPhase(effects: Effects, emitted: () => number): void {
  const { draft } = effects;
  const hasRoom = (): boolean => emitted() + EVENTS_PER_SYSTEM_TURN_MAX <= EVENTS_PER_RECEIPT_MAX;
  for (const incidentId of draft.must('sequence').open) {
    for (const proposalId of draft.must('incident', incidentId).proposals) {
      if (!hasRoom()) return;
      const verdict = advanceProposal(effects, proposalId);
      if (verdict) applyVerdict(effects, draft.must('proposal', proposalId), verdict);
    }
    if (!hasRoom()) return;
    advanceFalsification(effects, incidentId);
    // A verified outcome has just ended it.
    if (isClosed(draft.must('incident', incidentId))) continue;
    if (!hasRoom()) return;
    advanceIncident(effects, incidentId);
  }
  advanceGovernment(effects, hasRoom);
}
