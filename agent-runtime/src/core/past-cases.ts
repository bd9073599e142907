/** Case memory: the chain's own incidents that are like the one at hand, with what became of them. */
import type { IncidentRecord, Params, PastCase } from '@dao-gov/node/protocol';
import type { Ledger } from '../ledger/index.ts';
import { PAST_CASES_CITED_MAX, PAST_INCIDENTS_READ_MAX } from './constants.ts';

type Cause = Pick<IncidentRecord, 'incidentId' | 'rootCause' | 'faultKind'>;

/** Finalized incidents of the same service or the same kind of fault: most alike first, then newest first. */
export async function pastCases(
  ledger: Pick<Ledger, 'recentIncidents'>,
  cause: Cause,
  params: Params,
): Promise<readonly PastCase[]> {
  const incidents = await ledger.recentIncidents(PAST_INCIDENTS_READ_MAX);
  return incidents
    .filter(({ incidentId, state }) => state === 'Finalized' && incidentId !== cause.incidentId)
    .map((incident) => ({ incident, alike: alikeness(incident, cause) }))
    .filter(({ alike }) => alike > 0)
    .toSorted((a, b) => b.alike - a.alike)
    .slice(0, PAST_CASES_CITED_MAX)
    .map(({ incident }) => caseOf(incident, params));
}

/** The same service says more than the same kind of fault; 'unknown' is no kind. */
const alikeness = (one: Cause, other: Cause): number =>
  (one.rootCause === other.rootCause ? 2 : 0) +
  (one.faultKind === other.faultKind && one.faultKind !== 'unknown' ? 1 : 0);

function caseOf(incident: IncidentRecord, { falsification }: Params): PastCase {
  const { incidentId, rootCause, faultKind, round, outcomeReports } = incident;
  const recovered = outcomeReports.filter((report) => report.round === round && report.recovered).length;
  const outcome = recovered >= falsification.outcomeReportsMin ? 'verified' : 'stood';
  return { incidentId, rootCause, faultKind, outcome };
}
