/** Reads from the ledger what duties follow from. */
import type { PollRecord, VoteRecord } from '@dao-gov/node/protocol';
import type { Ledger } from '../ledger/index.ts';
import type { AgentView, IncidentView } from './duties.ts';

export async function readView(ledger: Ledger): Promise<AgentView> {
  const { timestampMs } = await ledger.info();
  const [alerts, incidents, motions] = await Promise.all([
    ledger.untriagedAlerts(),
    ledger.openIncidents(),
    ledger.openMotions(),
  ]);
  return {
    nowMs: timestampMs,
    alerts,
    incidents: await Promise.all(incidents.map((incident) => viewOf(ledger, incident))),
    motions: await Promise.all(motions.map(async (motion) => ({ motion, ownVote: await ownVoteOn(ledger, motion) }))),
  };
}

async function viewOf(ledger: Ledger, incident: IncidentView['incident']): Promise<IncidentView> {
  const [proposals, challenges] = await Promise.all([
    Promise.all(incident.proposals.map((id) => ledger.proposal(id))),
    Promise.all(incident.challenges.map((id) => ledger.challenge(id))),
  ]);
  // Who may challenge a claim follows from its votes, also once they are settled.
  const isStanding = ({ proposalId }: PollRecord): boolean =>
    incident.state === 'Solution' && proposalId === incident.proposalId;
  return {
    incident,
    proposals: await Promise.all(
      proposals
        .filter((proposal) => proposal !== undefined)
        .map(async (proposal) => ({ proposal, ownVote: await ownVoteOn(ledger, proposal, isStanding(proposal)) })),
    ),
    challenges: await Promise.all(
      challenges
        .filter((challenge) => challenge !== undefined)
        .map(async (challenge) => ({ challenge, ownVote: await ownVoteOn(ledger, challenge) })),
    ),
  };
}

/** A settled poll asks nothing of anybody any more. */
const ownVoteOn = async (
  ledger: Ledger,
  { settled, proposalId }: PollRecord,
  anyway = false,
): Promise<VoteRecord | undefined> => (settled && !anyway ? undefined : await ledger.vote(proposalId, ledger.address));
