/** One incident of a made-up shop, step by step by the roles that the procedure names. */
import type { Hash, Role } from '@dao-gov/node/protocol';
import { type Actors, both, dataOf } from './actors.ts';
import { ALERT_AT_MS, assessment, type Blob, collected, faultWeb, graph, recovered, solution } from './evidence.ts';

const SUMMARY = 'As the evidence shows.';

/** Two agents see the alert, so that everybody earns; then the facts are gathered. @returns the incident's id */
export async function gatherFacts(actors: Actors, alert: string, suspect: string): Promise<string> {
  const seen = {
    ...{ node: 'web-buy', metric: 'latency_ms', atMs: ALERT_AT_MS, source: `lifecycle:${alert}` },
    title: `Buying is slow (${alert})`,
  };
  const raised = await actors.call('alert_receiver', 'raise_alert', seen);
  await actors.call('data_detective', 'raise_alert', seen);
  const alertId = String(dataOf(raised, 'AlertRaised').alertId);
  const opened = await actors.call('alert_receiver', 'triage', { alertId, priority: 'P1', summary: SUMMARY });
  const incidentId = String(dataOf(opened, 'IncidentOpened').incidentId);
  const [windowFromMs, windowToMs] = [ALERT_AT_MS - 60_000, ALERT_AT_MS];
  const scope = ['web-buy', 'stock-db'];
  await actors.call('process_scheduler', 'schedule_tasks', {
    ...{ incidentId, scope, windowFromMs, windowToMs },
    summary: SUMMARY,
  });
  const [data, calls, odds] = [collected(incidentId), graph(incidentId), assessment(incidentId, suspect)];
  const about = { incidentId, summary: SUMMARY };
  await actors.call('data_detective', 'submit_data_collection', { ...about, snapshot: data.hash }, [data]);
  await actors.call('dependency_explorer', 'submit_dependency_graph', { ...about, graph: calls.hash }, [calls]);
  const candidates = [{ node: suspect, probability: 870 }];
  const judged = { ...about, assessment: odds.hash, candidates };
  await actors.call('probability_oracle', 'submit_fault_assessment', judged, [odds]);
  return incidentId;
}

export interface Claim {
  readonly by: Role;
  readonly rootCause: string;
  readonly stake: number;
  /** What it rests on; it travels with the claim. */
  readonly evidence: Blob;
}

/** @returns the proposal's id */
export async function claim(actors: Actors, incidentId: string, { by, evidence, ...rest }: Claim): Promise<Hash> {
  const args = {
    ...{ incidentId, faultKind: 'latency', probability: 870, cites: [evidence.hash], ...rest },
    reason: both(`${rest.rootCause} slowed down first.`),
  };
  const claimed = await actors.call(by, 'propose_root_cause', args, [evidence]);
  return String(dataOf(claimed, 'RootCauseProposed').proposalId);
}

/** What follows a claim that passed; opens the challenge window. */
export async function solve(actors: Actors, incidentId: string, rootCause: string): Promise<void> {
  const [web, repair] = [faultWeb(incidentId, rootCause), solution(incidentId, rootCause)];
  const about = { incidentId, summary: SUMMARY };
  await actors.call('fault_mapper', 'submit_fault_web', { ...about, faultWeb: web.hash }, [web]);
  const solved = { ...about, solution: repair.hash, steps: 1 };
  await actors.call('solution_engineer', 'submit_solution', solved, [repair]);
}

/** One agent reports that the metrics are back, with a measurement of its own. */
export async function reportRecovery(actors: Actors, incidentId: string, by: Role, minutes: number): Promise<void> {
  const metrics = recovered(incidentId, minutes);
  const report = { incidentId, recovered: true, metrics: metrics.hash, summary: 'Back at the baseline.' };
  await actors.call(by, 'verify_outcome', report, [metrics]);
}
