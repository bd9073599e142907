/** Incidents and the state of the operating procedure. The chain counts incidents, so a page needs no search. */
import type { StateReader } from '../../ports/index.ts';
import type { IncidentDetail, IncidentSummary, SopStatus } from '../../protocol/api/index.ts';
import type { IncidentRecord } from '../../protocol/records.ts';
import { partyOf } from './parties.ts';
import { challengeViewOf, proposalViewOf } from './proposals.ts';

const PREFIX = 'INC-';
const idOf = (number: number): string => `${PREFIX}${String(number).padStart(4, '0')}`;

function summaryOf(incident: IncidentRecord): IncidentSummary {
  const { incidentId, title, priority, state, openedAtMs, closedAtMs, rootCause, faultKind, round, alert } = incident;
  return {
    ...{ incidentId, title, priority, state, openedAtMs, closedAtMs, rootCause, faultKind, round },
    alert: { ...alert },
  };
}

export function detailOf(state: StateReader, incident: IncidentRecord): IncidentDetail {
  const { alertId, scope, stepDue, stepOpenedAtMs, challengeEndsAtMs } = incident;
  return {
    ...summaryOf(incident),
    ...{ alertId, stepDue, stepOpenedAtMs, challengeEndsAtMs },
    scope: [...scope],
    steps: incident.steps.map((step) => ({ ...step, by: partyOf(state, step.by), evidence: [...step.evidence] })),
    proposals: incident.proposals.flatMap((id) => {
      const proposal = state.get('proposal', id);
      return proposal ? [proposalViewOf(state, proposal)] : [];
    }),
    challenges: incident.challenges.flatMap((id) => {
      const challenge = state.get('challenge', id);
      return challenge ? [challengeViewOf(state, challenge)] : [];
    }),
    outcomeReports: incident.outcomeReports.map((report) => ({ ...report, by: partyOf(state, report.by) })),
  };
}

/** @param before number of an incident, exclusive */
export function incidentPage(
  state: StateReader,
  limit: number,
  before: number | undefined,
): { items: IncidentSummary[]; next: string | null } {
  const count = state.get('sequence')?.incidents ?? 0;
  const top = Math.min(before ?? count + 1, count + 1) - 1;
  const bottom = Math.max(1, top - limit + 1);
  const items: IncidentSummary[] = [];
  for (let number = top; number >= bottom; number -= 1) {
    const incident = state.get('incident', idOf(number));
    if (incident) items.push(summaryOf(incident));
  }
  return { items, next: bottom > 1 && top >= bottom ? String(bottom) : null };
}

export function sopStatus(state: StateReader): SopStatus {
  const sequence = state.get('sequence') ?? { incidents: 0, open: [], untriaged: [] };
  const foreground = sequence.open.at(-1) ?? idOf(sequence.incidents);
  const incident = state.get('incident', foreground);
  const proposal = incident && state.get('proposal', incident.proposalId);
  return {
    state: incident?.state ?? 'Init',
    incident: incident ? detailOf(state, incident) : null,
    proposal: proposal ? proposalViewOf(state, proposal) : null,
    openIncidents: [...sequence.open],
    untriagedAlerts: sequence.untriaged.length,
  };
}
