/** What the scripted agents of a made-up shop put on record: documents as real agents write them, only short. */
import { canonicalBytes, type Evidence, evidenceHash, type Hash } from '@dao-gov/node/protocol';

export interface Blob {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

export function blobOf(document: Evidence): Blob {
  const bytes = canonicalBytes(document);
  return { hash: evidenceHash(bytes), bytes };
}

const both = (text: string, chinese: string) => ({ en: text, zh: chinese });
/** The shop's clock at its alert. */
export const ALERT_AT_MS = 1_700_000_000_000;
const HALF_HOUR_MS = 1_800_000;

type Series = Extract<Evidence, { kind: 'metrics_snapshot' }>['series'][number];
const latency = (node: string, value: string, baseline: string, deviation: number): Series => ({
  ...{ node, metric: 'latency_ms', metricKind: 'latency', value, baseline, deviation },
  ...{ onsetMs: ALERT_AT_MS - 60_000, samples: 60 },
});

/** @param atMs tells measurements of the same nodes at different times apart */
export const snapshot = (incidentId: string, atMs: number, ...series: readonly Series[]): Blob =>
  blobOf({
    ...{ kind: 'metrics_snapshot', incidentId, atMs, silentNodes: [], series: [...series] },
    ...{ windowFromMs: atMs - HALF_HOUR_MS, windowToMs: atMs },
  });

/** The shop in trouble: the web server is slow, and so is the database that it waits for. */
export const collected = (incidentId: string): Blob =>
  snapshot(incidentId, ALERT_AT_MS, latency('web-buy', '22220.0', '180.0', 96_000));

/** What nobody had looked at before the claim against the web server passed. */
export const databaseMeasured = (incidentId: string): Blob =>
  snapshot(incidentId, ALERT_AT_MS, latency('stock-db', '21960.0', '12.0', 410_000));

/** @param minutes after the fix */
export const recovered = (incidentId: string, minutes: number): Blob =>
  snapshot(incidentId, ALERT_AT_MS + minutes * 60_000, latency('web-buy', '181.0', '180.0', 20));

export const graph = (incidentId: string): Blob =>
  blobOf({
    ...{ kind: 'dependency_graph', incidentId, root: 'web-buy' },
    nodes: [
      { node: 'web-buy', distance: 0 },
      { node: 'stock-db', distance: 1 },
    ],
    edges: [{ caller: 'web-buy', callee: 'stock-db' }],
  });

export const assessment = (incidentId: string, suspect: string): Blob =>
  blobOf({
    ...{ kind: 'fault_assessment', incidentId, conclusive: true },
    candidates: [
      {
        ...{ node: suspect, probability: 870, faultKind: 'latency', path: ['web-buy'] },
        reason: both(`${suspect} slowed down first.`, `${suspect} 最先变慢。`),
      },
    ],
  });

export const faultWeb = (incidentId: string, rootCause: string): Blob =>
  blobOf({
    ...{ kind: 'fault_web', incidentId, rootCause, edges: [] },
    nodes: [{ node: rootCause, part: 'root_cause', probability: 870 }],
  });

export const solution = (incidentId: string, rootCause: string): Blob =>
  blobOf({
    ...{ kind: 'solution', incidentId, rootCause, faultKind: 'latency' },
    steps: [
      {
        ...{ stepId: 1, risk: 'low', needsApproval: false },
        action: both(`Restart ${rootCause}`, `重启 ${rootCause}`),
        description: both('One instance after the other.', '逐个实例重启。'),
        check: both('Its latency is back at the baseline.', '延迟回到基线。'),
      },
    ],
  });
