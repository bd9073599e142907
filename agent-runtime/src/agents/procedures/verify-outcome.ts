import { evidenceHash, type IncidentRecord, type OutcomeMeasurement } from '@dao-gov/node/protocol';
import { type Bilingual, type Recovery, recoveryOf, type TelemetryWindow } from '../../analysis/index.ts';
import { AnalystError } from '../../core/errors.ts';
import { blobOf } from '../../core/evidence/blob.ts';
import { sentences } from '../../core/evidence/text.ts';
import type { DutyOf, Prepared, Procedure, ProcedureContext } from './procedure.ts';

/**
 * Measures whether the fix has worked. Recovered: the alerting node's symptom was away for a whole while after the
 * solution. Unrecovered: it was there throughout, and the challenge window is about to close. Otherwise nothing is said.
 */
export const verifyOutcome: Procedure<DutyOf<'verify_outcome'>> = async ({ incident }, context) => {
  const { nowMs, policy } = context;
  const { holdMs, pollMs } = policy.outcome;
  if (holdMs > context.params.challengeWindowMs) {
    return declined(
      `The challenge window is shorter than the ${holdMs} ms that I measure for.`,
      '质询窗口短于测量时长。',
    );
  }
  const readyMs = incident.stepOpenedAtMs + holdMs;
  if (nowMs < readyMs)
    return later('The fix is too young to be measured.', '修复后时间不足，尚不能测量。', readyMs - nowMs);
  const window = { fromMs: nowMs - holdMs, toMs: nowMs };
  const recovery = await measured(window, context);
  if (recovery === 'nothing') return declined('My source has no data after the fix.', '数据源没有修复之后的数据。');
  if (recovery === 'unavailable') return later('My source does not answer.', '数据源暂无响应。', pollMs);
  if (recovery.state === 'recovered') return report(incident, recovery, true, context);
  if (recovery.state === 'unrecovered' && isNearlyOver(incident, context)) {
    return report(incident, recovery, false, context);
  }
  return later(`The outcome is ${recovery.state} so far.`, `目前结果：${recovery.state}。`, pollMs);
};

const declined = (en: string, zh: string): Prepared => ({ declined: { en, zh } });
const later = (en: string, zh: string, restMs: number): Prepared => ({ later: { en, zh }, restMs });

function isNearlyOver({ challengeEndsAtMs }: IncidentRecord, { nowMs, params, policy }: ProcedureContext): boolean {
  return nowMs >= challengeEndsAtMs - (params.challengeWindowMs * policy.outcome.unrecoveredShare) / 1_000;
}

async function measured(
  window: TelemetryWindow,
  context: ProcedureContext,
): Promise<Recovery | 'nothing' | 'unavailable'> {
  try {
    // What is cheap to ask comes first: a recording has ended.
    const observed = await context.observe(window);
    return recoveryOf(await context.findings(), observed, window);
  } catch (error) {
    if (!(error instanceof AnalystError)) throw error;
    return error.code === 'NOTHING_NEWER' ? 'nothing' : 'unavailable';
  }
}

function report(
  { incidentId, alert }: IncidentRecord,
  { readings, window }: Recovery,
  recovered: boolean,
  context: ProcedureContext,
): Prepared {
  const words = wordsOf(alert.node, readings, recovered);
  context.note({
    en: `I measure ${alert.node} after the fix against the bounds of its own history.`,
    zh: `以 ${alert.node} 自身历史为界，测量修复后的指标。`,
  });
  context.conclude(words);
  const document: OutcomeMeasurement = {
    kind: 'outcome_measurement',
    ...{ incidentId, role: context.role, recovered },
    ...{ windowFromMs: Math.round(window.fromMs), windowToMs: Math.round(window.toMs) },
    readings: readings.map(({ value, ...reading }) => ({ ...reading, bound: value })),
  };
  const metrics = blobOf(document);
  const args = { incidentId, recovered, metrics: evidenceHash(metrics), summary: sentences(words).en };
  return { intent: { type: 'verify_outcome', args, evidence: [metrics, context.transcript()] } };
}

function wordsOf(node: string, readings: Recovery['readings'], recovered: boolean): Bilingual {
  const figures = readings.map(
    ({ metric, latest, comparator, value, samples, outside }) =>
      `${metric} ${latest ?? '-'} (${comparator === 'at-most' ? '<=' : '>='} ${value}; ${outside}/${samples})`,
  );
  const text = figures.join(', ');
  return recovered
    ? { en: `${node} has recovered: ${text}.`, zh: `${node} 已恢复：${text}。` }
    : { en: `${node} has not recovered: ${text}.`, zh: `${node} 未恢复：${text}。` };
}
