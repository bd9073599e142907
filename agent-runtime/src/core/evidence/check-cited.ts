/**
 * Does the evidence that a claim cites match what this agent measures itself? A voter that only reads the claim would
 * vote for a well-told lie.
 */
import type { DependencyGraph, Evidence, FaultAssessment, Hash, MetricsSnapshot } from '@dao-gov/node/protocol';
import { type Bilingual, decimal, type Findings } from '../../analysis/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import { FIGURE_TOLERANCE } from '../constants.ts';
import { documentOf } from './blob.ts';

export interface EvidenceCheck {
  /** Figures and edges that were compared. */
  readonly compared: number;
  /** Blobs that this node does not hold or cannot read: they could not be checked. */
  readonly unreadable: number;
  /** Each says what the evidence states and what the agent sees instead. */
  readonly discrepancies: readonly Bilingual[];
}

type Comparison = Pick<EvidenceCheck, 'compared' | 'discrepancies'>;

const NOTHING: Comparison = { compared: 0, discrepancies: [] };

/** @param cites hashes of evidence on chain */
export async function checkCited(
  ledger: Pick<Ledger, 'evidence'>,
  incidentId: string,
  cites: readonly Hash[],
  findings: Findings,
): Promise<EvidenceCheck> {
  const blobs = await Promise.all(cites.map((hash) => ledger.evidence(hash)));
  const documents = blobs.map((blob) => (blob === undefined ? undefined : documentOf(blob)));
  const known = documents.filter((document) => document !== undefined);
  const comparisons = known.map((document) =>
    document.incidentId === incidentId ? compare(document, findings) : foreign(document),
  );
  return {
    compared: comparisons.reduce((total, { compared }) => total + compared, 0),
    unreadable: cites.length - known.length,
    discrepancies: comparisons.flatMap(({ discrepancies }) => discrepancies),
  };
}

function foreign({ kind, incidentId }: Evidence): Comparison {
  const en = `the cited ${kind} belongs to ${incidentId || 'no incident'}`;
  return { compared: 0, discrepancies: [{ en, zh: `所引用的 ${kind} 属于 ${incidentId || '其他事项'}` }] };
}

function compare(document: Evidence, findings: Findings): Comparison {
  switch (document.kind) {
    case 'metrics_snapshot':
      return compareSnapshot(document, findings);
    case 'dependency_graph':
      return compareGraph(document, findings);
    case 'fault_assessment':
      return compareAssessment(document, findings);
    default:
      // Opinions and plans: there is nothing measured in them.
      return NOTHING;
  }
}

function compareSnapshot({ series, silentNodes }: MetricsSnapshot, findings: Findings): Comparison {
  const own = new Map(findings.series.map((item) => [JSON.stringify([item.node, item.metric]), item]));
  const figures = series.flatMap(({ node, metric, value }): readonly Bilingual[] => {
    const seen = own.get(JSON.stringify([node, metric]))?.atAlert?.value;
    const mine = seen === undefined ? null : decimal(seen);
    if (isSame(value, mine)) return [];
    return [
      {
        en: `the snapshot states ${node} ${metric} = ${value ?? 'nothing'}, my own data shows ${mine ?? 'nothing'}`,
        zh: `快照中 ${node} ${metric} = ${value ?? '无'}，而本智能体的数据为 ${mine ?? '无'}`,
      },
    ];
  });
  const silence = silentNodes
    .filter((name) => findings.nodes.some(({ node, status }) => node === name && status !== 'silent'))
    .map((node) => ({
      en: `the snapshot calls ${node} silent, I see its metrics`,
      zh: `快照称 ${node} 无数据，而本智能体能看到其指标`,
    }));
  return { compared: series.length + silentNodes.length, discrepancies: [...figures, ...silence] };
}

function isSame(stated: string | null, mine: string | null): boolean {
  if (stated === null || mine === null) return stated === mine;
  const [a, b] = [Number(stated), Number(mine)];
  return Math.abs(a - b) <= FIGURE_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

function compareGraph({ edges }: DependencyGraph, findings: Findings): Comparison {
  const own = new Set(findings.edges.map(({ caller, callee }) => JSON.stringify([caller, callee])));
  const invented = edges.filter(({ caller, callee }) => !own.has(JSON.stringify([caller, callee])));
  return {
    compared: edges.length,
    discrepancies: invented.map(({ caller, callee }) => ({
      en: `the graph has a call ${caller} -> ${callee} that I do not see`,
      zh: `依赖图中的调用 ${caller} → ${callee} 在本智能体的数据中不存在`,
    })),
  };
}

function compareAssessment({ candidates }: FaultAssessment, findings: Findings): Comparison {
  const known = new Set(findings.nodes.map(({ node }) => node));
  return {
    compared: candidates.length,
    discrepancies: candidates
      .filter(({ node }) => !known.has(node))
      .map(({ node }) => ({
        en: `the assessment names ${node}, which is in no data`,
        zh: `评估中的 ${node} 不存在于任何数据中`,
      })),
  };
}
