/** Shows an incident as it goes, step by step, until it is closed. */
import type { ApiClient } from '@dao-gov/node/client';
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { bold, dim } from '../lib/output.ts';
import { waitFor } from './api.ts';

export interface Followed {
  readonly incident: IncidentDetail;
  /** When the solution stood on chain, on this machine's clock; or the end, when there is none. */
  readonly verdictAt: number;
}

const CLOSED = ['Finalized', 'Inconclusive'];

/**
 * Follows until Finalized or Inconclusive.
 * @param onSolution called once, when the repair that the agents agreed on stands on chain
 * @throws TestnetError when the end does not come in time
 */
export async function followIncident(
  client: ApiClient,
  incidentId: string,
  withinMs: number,
  say: (line: string) => void,
  onSolution: () => void = () => {},
): Promise<Followed> {
  const told = new Set<string>();
  const tell = (key: string, line: string): void => {
    if (told.has(key)) return;
    told.add(key);
    say(line);
  };
  let verdictAt = 0;
  const incident = await waitFor(`${incidentId} closed`, withinMs, async () => {
    const now = await client.incident(incidentId);
    for (const line of linesOf(now)) tell(line.key, line.text);
    if (verdictAt === 0 && (now.state === 'Solution' || CLOSED.includes(now.state))) {
      verdictAt = Date.now();
      if (now.state === 'Solution') onSolution();
    }
    return CLOSED.includes(now.state) && now;
  });
  return { incident, verdictAt };
}

function linesOf(incident: IncidentDetail): { key: string; text: string }[] {
  const lines = incident.steps.map(({ step, by, summary, height, atMs }) => ({
    at: atMs,
    key: `${step}/${height}`,
    text: `  ${bold(step.padEnd(24))} ${by.name.padEnd(20)} ${summary} ${dim(`block ${height}`)}`,
  }));
  for (const { proposalId, status, decidedAtMs, rootCause, votes, supportThousandths } of incident.proposals) {
    const cast = votes.filter((vote) => vote.status === 'revealed').length;
    if (decidedAtMs === 0) continue;
    lines.push({
      at: decidedAtMs,
      key: `${proposalId}/${status}`,
      text: `  ${bold(`consensus ${status}`.padEnd(24))} ${cast} votes of ${votes.length}, ${(supportThousandths ?? 0) / 10} % for ${rootCause}`,
    });
  }
  for (const { by, round, recovered, atMs } of incident.outcomeReports) {
    lines.push({
      at: atMs,
      key: `verify_outcome/${round}/${by.address}`,
      text: `  ${bold('verify_outcome'.padEnd(24))} ${by.name.padEnd(20)} ${incident.alert.node} has ${recovered ? '' : 'not '}recovered`,
    });
  }
  lines.sort((a, b) => a.at - b.at);
  return [...lines, { at: 0, key: `state/${incident.state}`, text: dim(`  -> ${incident.state}`) }];
}
