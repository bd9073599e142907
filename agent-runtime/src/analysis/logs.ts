/** Log evidence: error records during the incident against the rate before it. Messages are untrusted and not read. */
import { EVENT_STRENGTH_HALF } from './constants.ts';
import type { LogEvidence } from './findings.ts';
import { type IncidentWindow, isBefore, isDuring } from './incident-window.ts';
import { stable } from './statistics.ts';
import { byName } from './tidy-series.ts';
import type { LogRecord } from './types.ts';

const ERROR_LEVEL = /^(err(or)?|fatal|crit(ical)?|severe|alert|emerg(ency)?|panic)$/i;

export function isErrorLevel(level: string): boolean {
  return ERROR_LEVEL.test(level.trim());
}

export function logEvidence(logs: readonly LogRecord[], window: IncidentWindow): readonly LogEvidence[] {
  const historyMs = Math.max(1, window.incidentFromMs - window.fromMs);
  const incidentMs = Math.max(1, window.toMs - window.incidentFromMs);
  return [...Map.groupBy(logs, ({ node }) => node)]
    .map(([node, records]) => {
      const errors = records.filter(({ level }) => isErrorLevel(level));
      const errorsBefore = errors.filter(({ atMs }) => isBefore(window, atMs)).length;
      const errorsDuring = errors.filter(({ atMs }) => isDuring(window, atMs)).length;
      const expected = (errorsBefore / historyMs) * incidentMs;
      const excess = Math.max(0, errorsDuring - expected - 2 * Math.sqrt(expected));
      return { node, errorsBefore, errorsDuring, strength: stable(excess / (excess + EVENT_STRENGTH_HALF)) };
    })
    .toSorted((left, right) => byName(left.node, right.node));
}
