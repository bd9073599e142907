/**
 * A view is one role's own way of looking at the same findings, so that seven votes are seven pieces of evidence and
 * not one piece counted seven times.
 */
import { statedProbabilities } from '../calibration.ts';
import { SUSPECT_FLOW_MIN, VIEW_SHARPNESS } from '../constants.ts';
import type { Findings, NodeFinding } from '../findings.ts';
import { thousandths } from '../format.ts';
import { type Lookup, lookup } from '../lookup.ts';
import { stable } from '../statistics.ts';
import { byName } from '../tidy-series.ts';
import { type Bilingual, figureText, listing } from '../wording.ts';

export type Role = 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6' | 'A7';

export type ViewCandidate = {
  readonly node: string;
  /** Thousandths; all candidates of a view together stay within 1000. */
  readonly probability: number;
  /** One line with figures. */
  readonly reason: string;
  readonly reasonZh: string;
};

export type View = {
  readonly role: Role;
  readonly name: string;
  /** Best first; empty when this kind of evidence says nothing. */
  readonly rank: (findings: Findings) => readonly ViewCandidate[];
};

/** What a view thinks of one node: `weight` >= 0 in relation to its other suspects, and why. */
export type Suspicion = { readonly finding: NodeFinding; readonly weight: number; readonly why: Bilingual };

/** @param suspect the view's whole judgement of one node; `null` or no weight leaves the node out. */
export function viewOf(
  role: Role,
  name: string,
  suspect: (finding: NodeFinding, view: Lookup) => Omit<Suspicion, 'finding'> | null,
): View {
  return {
    role,
    name,
    rank: (findings) => {
      const view = lookup(findings);
      return rankSuspicions(
        findings.alertDeviations,
        findings.nodes.flatMap((finding) => {
          const suspicion = suspect(finding, view);
          return suspicion === null || !(suspicion.weight > 0) ? [] : { finding, ...suspicion };
        }),
      );
    },
  };
}

function rankSuspicions(alertDeviations: number | null, suspicions: readonly Suspicion[]): readonly ViewCandidate[] {
  const sharpened = suspicions.map((item) => ({ ...item, share: item.weight ** VIEW_SHARPNESS }));
  const total = stable(sharpened.reduce((sum, { share }) => sum + share, 0));
  if (total <= 0) return [];
  const stated = statedProbabilities(
    sharpened.map(({ finding, share }) => ({ finding, share: stable(share / total) })),
    alertDeviations,
  );
  return sharpened
    .map((item, index) => ({ ...item, probability: stated[index] ?? 0 }))
    .toSorted((left, right) => right.probability - left.probability || deeperFirst(left.finding, right.finding))
    .map(({ finding, probability, why }) => ({
      node: finding.node,
      probability: thousandths(probability),
      reason: why.en,
      reasonZh: why.zh,
    }));
}

function deeperFirst(left: NodeFinding, right: NodeFinding): number {
  return (right.distance ?? -1) - (left.distance ?? -1) || byName(left.node, right.node);
}

/** The node's most telling figures at the alert, as every view quotes them. */
export function figuresOf(view: Lookup, node: string): Bilingual {
  const telling = view.tellingSeriesOf(node).slice(0, 2);
  if (telling.length === 0) return { en: 'no abnormal metric', zh: '无异常指标' };
  return listing(telling.map((series) => figureText(series, series.atAlert?.value ?? 0)));
}

/** 1 for the earliest trouble of all, falling towards 0.3 for trouble as late as the last; `null` when unknown. */
export function timeliness(view: Lookup, finding: NodeFinding): number | null {
  if (finding.onsetMs === null) return null;
  const { stepMs, nodes } = view.findings;
  const onsets = nodes.flatMap(({ status, onsetMs }) => (status === 'anomalous' ? (onsetMs ?? []) : []));
  const first = onsets.reduce((earliest, onsetMs) => Math.min(earliest, onsetMs), finding.onsetMs);
  const steps = stepMs > 0 ? (finding.onsetMs - first) / stepMs : 0;
  return Math.max(0.3, 1 - steps * 0.15);
}

/** A suspect a call path away from the alerting node. */
export function inScope({ status, distance, flow }: NodeFinding): boolean {
  return (status === 'anomalous' || (status === 'healthy' && flow >= SUSPECT_FLOW_MIN)) && distance !== null;
}

/** What a view makes of a node's amounts: where nothing measures amounts, its severity stands in for them. */
export function amountOf({ lossShare, severity }: NodeFinding, view: Lookup): number {
  return measuresAmounts(view) ? lossShare : severity;
}

/** The part of its trouble that its callees do not account for. */
export function keptOf({ kept, explained }: NodeFinding, view: Lookup): number {
  return measuresAmounts(view) ? kept : 1 - explained;
}

const measured = new WeakMap<Findings, boolean>();

function measuresAmounts({ findings }: Lookup): boolean {
  const known = measured.get(findings) ?? findings.nodes.some(({ lossShare }) => lossShare > 0);
  measured.set(findings, known);
  return known;
}
