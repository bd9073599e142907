/**
 * Which telemetry a duty is done with. An incident is analysed over the window that its source gives for the alert; once
 * the claim is disputed, everybody looks again over a longer one that ends at the same block time for all.
 */
import type { TimestampMs } from '@dao-gov/node/protocol';
import type { Findings } from '../analysis/index.ts';
import type { ToolAlert } from '../tools/index.ts';
import type { Analyst } from './analyst.ts';
import { NEWER_TELEMETRY_MS_MAX } from './constants.ts';
import type { AgentView, Duty } from './duties.ts';
import { AnalystError } from './errors.ts';

/** `later`: time must pass first; `never`: the source has nothing after what it told already. */
export type Newer = Findings | 'later' | 'never';

/** What the source holds by now beyond what it told first. @throws AnalystError */
export async function newerFindings(analyst: Analyst, alert: ToolAlert, untilMs: TimestampMs): Promise<Newer> {
  const { node, metric, atMs, source } = alert;
  const first = await analyst.analyse(source, { node, metric, atMs });
  const latestMs = first.alert.atMs + NEWER_TELEMETRY_MS_MAX;
  const toMs = Math.min(untilMs, latestMs);
  if (toMs <= first.window.toMs) return latestMs <= first.window.toMs ? 'never' : 'later';
  try {
    return await analyst.analyse(source, { node, metric, atMs }, { fromMs: first.window.fromMs, toMs });
  } catch (error) {
    if (error instanceof AnalystError && error.code === 'NOTHING_NEWER') return 'never';
    throw error;
  }
}

/** The analysis that a duty rests on. @throws AnalystError */
export async function findingsFor(duty: Duty, view: AgentView, alert: ToolAlert, analyst: Analyst): Promise<Findings> {
  if (duty.kind === 'vote_motion') throw new AnalystError('TELEMETRY_UNAVAILABLE', 'a motion is about no telemetry');
  const { node, metric, atMs, source } = alert;
  const untilMs = disputedAtMs(duty, view);
  const newer = untilMs === undefined ? 'never' : await newerFindings(analyst, alert, untilMs);
  return typeof newer === 'string' ? analyst.analyse(source, { node, metric, atMs }) : newer;
}

/** Block time of the newest doubt about what was agreed on; undefined while there is none. */
function disputedAtMs(duty: Exclude<Duty, { kind: 'vote_motion' }>, view: AgentView): TimestampMs | undefined {
  if (duty.kind === 'triage') return undefined;
  if (duty.kind === 'challenge') return view.nowMs;
  const { incidentId, outcomeReports } = duty.incident;
  const known = view.incidents.find(({ incident }) => incident.incidentId === incidentId);
  const times = [
    ...(known?.challenges ?? []).map(({ challenge }) => challenge.openedAtMs),
    ...outcomeReports.map((report) => report.atMs),
  ];
  return times.length === 0 ? undefined : Math.max(...times);
}
