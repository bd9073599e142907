/**
 * Log evidence: error records during the incident against the rate before it, and kinds of messages never seen before.
 *
 * Messages are untrusted text: they are reduced to templates (what varies is cut out, as in Drain, He et al., ICWS 2017)
 * and compared as wholes; nothing in them is obeyed or quoted here.
 */
import { LOG_TEMPLATES_MAX, NEW_TEMPLATE_WEIGHT } from './constants.ts';
import type { LogEvidence } from './findings.ts';
import { type IncidentWindow, isBefore, isDuring } from './incident-window.ts';
import { anyOf, eventEvidence, stable } from './statistics.ts';
import { byName } from './tidy-series.ts';
import type { LogRecord } from './types.ts';

const ERROR_LEVEL = /^(err(or)?|fatal|crit(ical)?|severe|alert|emerg(ency)?|panic)$/i;

export function isErrorLevel(level: string): boolean {
  return ERROR_LEVEL.test(level.trim());
}

/** Words with digits in them, quoted text and long hexadecimal runs vary from record to record. */
const VARIABLE = /"[^"]*"|'[^']*'|[0-9a-f]{8,}|\S*\d\S*/gi;
/** What tells kinds of messages apart stands at the beginning. */
const TEMPLATE_CHARACTERS = 120;

export function templateOf(message: string): string {
  return message
    .slice(0, 2 * TEMPLATE_CHARACTERS)
    .replace(VARIABLE, '*')
    .slice(0, TEMPLATE_CHARACTERS);
}

export function logEvidence(logs: readonly LogRecord[], window: IncidentWindow): readonly LogEvidence[] {
  const historyMs = Math.max(1, (window.beforeMs ?? window.incidentFromMs) - window.fromMs);
  const incidentMs = Math.max(1, window.toMs - window.incidentFromMs);
  return [...Map.groupBy(logs, ({ node }) => node)]
    .map(([node, records]) => {
      const errors = records.filter(({ level }) => isErrorLevel(level));
      const errorsBefore = errors.filter(({ atMs }) => isBefore(window, atMs)).length;
      const errorsDuring = errors.filter(({ atMs }) => isDuring(window, atMs)).length;
      const expected = (errorsBefore / historyMs) * incidentMs;
      const fresh = newTemplates(records, window);
      return {
        ...{ node, errorsBefore, errorsDuring },
        newRecords: fresh,
        strength: stable(anyOf([eventEvidence(errorsDuring, expected), NEW_TEMPLATE_WEIGHT * eventEvidence(fresh, 0)])),
      };
    })
    .toSorted((left, right) => byName(left.node, right.node));
}

/** Records during the incident of kinds that the history does not have; none where there is no history. */
function newTemplates(records: readonly LogRecord[], window: IncidentWindow): number {
  const known = new Set<string>();
  for (const { atMs, message } of records) {
    if (isBefore(window, atMs) && known.size < LOG_TEMPLATES_MAX) known.add(templateOf(message));
  }
  if (known.size === 0) return 0;
  return records.filter(({ atMs, message }) => isDuring(window, atMs) && !known.has(templateOf(message))).length;
}
