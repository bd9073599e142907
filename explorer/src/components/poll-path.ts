/** Where the votes on a claim, a challenge or a motion are shown: each stands under an anchor of its own id. */
import { incidentPath } from './hash-text.tsx';

/** @param incidentId of the claim or challenge; a motion belongs to none */
export const pollPath = (incidentId: unknown, pollId: string): string =>
  typeof incidentId === 'string' && incidentId !== ''
    ? `${incidentPath(incidentId)}#${pollId}`
    : `/governance#${pollId}`;
