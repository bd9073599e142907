/** What a chain finalized about an incident, as an answer that can be scored. */
import type { FaultAssessment, IncidentDetail } from '@dao-gov/node/protocol';
import type { Answer } from './score.ts';

type Finalized = Pick<IncidentDetail, 'state' | 'rootCause' | 'faultKind'> & {
  readonly proposals: readonly Pick<IncidentDetail['proposals'][number], 'status' | 'rootCause' | 'probability'>[];
};

const THOUSANDTHS = 1_000;

/** Keeps every other candidate behind the cause that was voted for, whatever one agent thought of it. */
const BEHIND = 0.999;

/**
 * The cause that passed the vote comes first with the probability that its proposer staked on; the others follow as the
 * assessment on chain ranks them. Without an accepted cause the seven abstain.
 */
export function answerOfIncident(incident: Finalized, assessment: FaultAssessment | null): Answer {
  const assessed = assessment?.candidates ?? [];
  const candidates = assessed.map(({ node, probability }) => ({ node, probability: probability / THOUSANDTHS }));
  if (incident.state !== 'Finalized') return { candidates, abstained: true, faultKind: 'none', path: [] };
  const { rootCause, faultKind } = incident;
  const accepted = incident.proposals.findLast((proposal) => proposal.status === 'passed');
  const stated = (accepted?.probability ?? 0) / THOUSANDTHS;
  const others = candidates
    .filter(({ node }) => node !== rootCause)
    .map(({ node, probability }) => ({ node, probability: Math.min(probability, stated * BEHIND) }));
  return {
    candidates: [{ node: rootCause, probability: stated }, ...others],
    abstained: false,
    faultKind,
    path: assessed.find(({ node }) => node === rootCause)?.path ?? [],
  };
}
