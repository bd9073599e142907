/** Reads from the ledger what duties follow from. */
import type { Ledger } from '../ledger/index.ts';
import type { AgentView, IncidentView } from './duties.ts';

export async function readView(ledger: Ledger): Promise<AgentView> {
  const { timestampMs } = await ledger.info();
  const [alerts, incidents] = await Promise.all([ledger.untriagedAlerts(), ledger.openIncidents()]);
  const views = await Promise.all(incidents.map((incident) => viewOf(ledger, incident)));
  return { nowMs: timestampMs, alerts, incidents: views };
}

async function viewOf(ledger: Ledger, incident: IncidentView['incident']): Promise<IncidentView> {
  const proposals = await Promise.all(incident.proposals.map((id) => ledger.proposal(id)));
  const views = proposals
    .filter((proposal) => proposal !== undefined)
    .map(async (proposal) => {
      // A settled proposal asks nothing of anybody any more.
      const ownVote = proposal.settled ? undefined : await ledger.vote(proposal.proposalId, ledger.address);
      return { proposal, ownVote };
    });
  return { incident, proposals: await Promise.all(views) };
}
