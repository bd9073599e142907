/** A7's product: a structured repair of the accepted root cause, with bounds that tell whether it worked. */
import { RECOVERY_BOUNDS_MAX, RECOVERY_DEVIATIONS, REPAIR_LOGS_AFTER_MS, REPAIR_LOGS_BEFORE_MS } from '../constants.ts';
import type { FaultKind, Findings, SeriesFinding } from '../findings.ts';
import { decimal, readableTime, withUnit } from '../format.ts';
import { type Lookup, lookup } from '../lookup.ts';
import { harmfulDirection } from '../metric-kinds.ts';
import { clamp } from '../statistics.ts';
import { type Bilingual, FAULT_KIND_TEXT, figureText, listing, metricLabel } from '../wording.ts';
import {
  closingSteps,
  confirmSteps,
  type RepairContext,
  type Risk,
  remedySteps,
  type StepDraft,
} from './repair-steps.ts';

type StepText = { readonly action: string; readonly description: string; readonly check: string };

export type RepairStep = StepText & {
  /** Counted from 1. */
  readonly stepId: number;
  readonly risk: Risk;
  readonly needsApproval: boolean;
  readonly zh: StepText;
};

/** A bound that a metric must keep once repaired, from its own history. */
export type RecoveryBound = {
  readonly node: string;
  readonly metric: string;
  readonly comparator: 'at-most' | 'at-least';
  /** Decimal text in the metric's own unit. */
  readonly value: string;
};

export type RepairPlan = {
  readonly product: 'repair-plan';
  readonly version: 1;
  readonly captureId: string;
  readonly rootCause: string;
  readonly faultKind: FaultKind;
  readonly summary: string;
  readonly summaryZh: string;
  readonly steps: readonly RepairStep[];
  readonly recovery: readonly RecoveryBound[];
};

type BoundedSeries = { readonly bound: RecoveryBound; readonly series: SeriesFinding; readonly value: number };

export function repairPlan(findings: Findings, rootCause: string): RepairPlan {
  const view = lookup(findings);
  const faultKind = view.node(rootCause)?.faultKind ?? 'unknown';
  const bounded = recoveryBounds(view, rootCause);
  const context = contextOf(view, rootCause, bounded.map(boundText));
  const drafts = [...confirmSteps(context), ...remedySteps(faultKind, context), ...closingSteps(context)];
  const kind = FAULT_KIND_TEXT[faultKind];
  return {
    product: 'repair-plan',
    version: 1,
    captureId: findings.captureId,
    rootCause,
    faultKind,
    summary: `Repair ${rootCause}: ${kind.en} (${context.figures.en}).`,
    summaryZh: `修复 ${rootCause}：${kind.zh}（${context.figures.zh}）。`,
    steps: drafts.map(stepOf),
    recovery: bounded.map(({ bound }) => bound),
  };
}

function stepOf({ action, description, check, risk, needsApproval }: StepDraft, index: number): RepairStep {
  return {
    stepId: index + 1,
    action: action.en,
    description: description.en,
    check: check.en,
    risk,
    needsApproval,
    zh: { action: action.zh, description: description.zh, check: check.zh },
  };
}

function contextOf(view: Lookup, node: string, recovery: readonly Bilingual[]): RepairContext {
  const { alert } = view.findings;
  const telling = view.tellingSeriesOf(node);
  const healthy = view
    .visibleCalleesOf(node)
    .filter(({ status }) => status === 'healthy')
    .map((callee) => callee.node);
  const silent = view.silentCalleesOf(node).map((callee) => callee.node);
  return {
    node,
    alertNode: alert.node,
    figures:
      telling.length > 0
        ? listing(telling.map((series) => figureText(series, series.atAlert?.value ?? 0)))
        : { en: 'no abnormal metric was captured', zh: '未采集到异常指标' },
    from: readableTime(alert.atMs - REPAIR_LOGS_BEFORE_MS),
    to: readableTime(alert.atMs + REPAIR_LOGS_AFTER_MS),
    healthyCallees:
      healthy.length > 0
        ? { en: `${healthy.join(', ')} was normal`, zh: `${healthy.join('、')} 指标正常` }
        : { en: 'no healthy callee was observed', zh: '未观测到健康的下游' },
    silentCallees: silent.length > 0 ? { en: silent.join(', '), zh: silent.join('、') } : null,
    recovery:
      recovery.length > 0
        ? listing(recovery)
        : { en: `the alert on ${alert.node} is resolved`, zh: `${alert.node} 的告警已解除` },
  };
}

/** Bounds for what was anomalous at the root cause and at the alerting node: within reach of their usual noise. */
function recoveryBounds(view: Lookup, rootCause: string): readonly BoundedSeries[] {
  const nodes = [...new Set([rootCause, view.findings.alert.node])];
  return nodes
    .flatMap((node) => view.tellingSeriesOf(node))
    .flatMap((series) => boundOf(series) ?? [])
    .slice(0, RECOVERY_BOUNDS_MAX);
}

/** What this metric must keep to once repaired; `null` where no history or no direction of harm tells. */
export function boundOf(series: SeriesFinding): BoundedSeries | null {
  const { node, metric, kind, unit, baseline } = series;
  const direction = harmfulDirection(metric, kind);
  if (baseline === null || direction === 0) return null;
  const bound = baseline.median + direction * RECOVERY_DEVIATIONS * baseline.spread;
  // Shares stay shares: no success rate above 100 %, no error rate below 0.
  const value = Number(
    (unit === 'percent' ? clamp(bound, 0, 100) : unit === 'fraction' ? clamp(bound, 0, 1) : bound).toPrecision(4),
  );
  const comparator = direction === 1 ? 'at-most' : 'at-least';
  return { bound: { node, metric, comparator, value: decimal(value) }, series, value };
}

function boundText({ bound: { node, metric, comparator }, series, value }: BoundedSeries): Bilingual {
  const label = metricLabel(metric);
  const figure = withUnit(value, series.unit);
  return {
    en: `${node} ${label.en} ${comparator === 'at-most' ? 'at most' : 'at least'} ${figure}`,
    zh: `${node} ${label.zh}${comparator === 'at-most' ? '不高于' : '不低于'} ${figure}`,
  };
}
