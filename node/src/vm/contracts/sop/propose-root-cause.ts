import type { IncidentRecord } from '../../../protocol/records.ts';
import { ensure } from '../../errors.ts';
import { add } from '../../integers.ts';
import type { Call } from '../call.ts';
import { eligibleWeight } from '../governance/ballots.ts';
import { openProposal } from '../governance/open-proposal.ts';
import { paramsOf } from '../params/params.ts';
import { beginStep, completeStep } from './steps.ts';

/**
 * The claim, with tokens at stake. Fails as `beginStep` (NO_DATA_COLLECTED, NO_DEPENDENCY_GRAPH, NO_FAULT_ASSESSMENT,
 * PROPOSAL_OPEN), CITES_UNKNOWN_EVIDENCE, PROPOSAL_REPEATED, STAKE_BELOW_MINIMUM, INSUFFICIENT_STAKE, AMOUNT_OVERFLOW.
 */
export function proposeRootCause(call: Call<'propose_root_cause'>): void {
  const { args, sender } = call;
  const incident = beginStep(call, args.incidentId, 'propose_root_cause');
  requireKnownEvidence(call, incident);
  requireNewClaim(call, incident);
  const round = add(incident.round, 1);
  const proposal = openProposal(call, sender, round, args);
  const { proposalId, commitEndsAtMs } = proposal;
  completeStep(
    call,
    incident,
    { step: 'propose_root_cause', summary: args.reason.en },
    { state: 'Root_Cause_Proposed', stepDue: '', round, proposalId, proposals: [...incident.proposals, proposalId] },
  );
  const { votingMode } = paramsOf(call.draft);
  const eligible = eligibleWeight(proposal);
  call.emit('RootCauseProposed', { ...args, by: sender, proposalId, round, votingMode, eligible, commitEndsAtMs });
}

/** Whoever votes must be able to read what the claim rests on: evidence of this incident, or of this transaction. */
function requireKnownEvidence(call: Call<'propose_root_cause'>, incident: IncidentRecord): void {
  const known = new Set([...call.evidence, ...incident.steps.flatMap(({ evidence }) => evidence)]);
  const allKnown = call.args.cites.every((hash) => known.has(hash));
  ensure(allKnown, 'CITES_UNKNOWN_EVIDENCE', 'The claim cites evidence that is not on chain in this incident.');
}

/** All earlier proposals of an incident that takes another one were rejected. */
function requireNewClaim(call: Call<'propose_root_cause'>, incident: IncidentRecord): void {
  const rejected = incident.proposals.map((id) => call.draft.must('proposal', id).rootCause);
  const isNew = !rejected.includes(call.args.rootCause);
  ensure(isNew, 'PROPOSAL_REPEATED', 'This root cause was rejected in this incident already.');
}
