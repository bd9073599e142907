/** How urgent an alert is, from what its node shows and from how many see it. */
import type { ReasonedOf } from '../reasoner.ts';

type Priority = ReasonedOf<'triage'>['priority'];
type Level = { readonly priority: Priority; readonly why: { readonly en: string; readonly zh: string } };

/** Severity (0..1) from which the symptom has this rank. A clear error or latency series alone gives about 0.3. */
const LEVELS: readonly (Level & { readonly severityMin: number })[] = [
  { severityMin: 0.6, priority: 'P1', why: { en: 'a severe symptom', zh: '症状严重' } },
  { severityMin: 0.25, priority: 'P2', why: { en: 'a clear symptom', zh: '症状明显' } },
  { severityMin: 0.05, priority: 'P3', why: { en: 'a weak symptom', zh: '症状轻微' } },
];
const HARMLESS: Level = { priority: 'P4', why: { en: 'no symptom in the telemetry', zh: '遥测数据中未见异常' } };
const UNKNOWN: Level = { priority: 'P3', why: { en: 'no telemetry to judge by', zh: '没有可供判断的遥测数据' } };

/** Sightings of one event from which on it is taken one rank more seriously. */
const SIGHTINGS_RAISING = 2;

/**
 * @param severity of the alerting node, 0..1; null when unknown
 * @param sightings agents that saw the alert, and alerts alike that are waiting
 */
export function priorityOf(severity: number | null, sightings: number): Level {
  const level = severity === null ? UNKNOWN : (LEVELS.find(({ severityMin }) => severity >= severityMin) ?? HARMLESS);
  if (sightings < SIGHTINGS_RAISING || level.priority === 'P1') return level;
  const raised = { P2: 'P1', P3: 'P2', P4: 'P3' } as const;
  return {
    priority: raised[level.priority],
    why: { en: `${level.why.en}, seen ${sightings} times,`, zh: `${level.why.zh}，共被观察到 ${sightings} 次` },
  };
}
