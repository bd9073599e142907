/**
 * Has the symptom gone? What is observed at the alerting node after the fix, against the bounds that its own history
 * sets (`repair-plan.ts`). Nothing observed is no recovery: a service that answers nobody has no slow answers either.
 */
import { RECOVERY_COVERED_SHARE_MIN, RECOVERY_SAMPLES_MIN } from './constants.ts';
import type { Findings, SeriesFinding } from './findings.ts';
import { decimal } from './format.ts';
import { lookup } from './lookup.ts';
import { boundOf, type RecoveryBound } from './products/repair-plan.ts';
import type { MetricSeries, TelemetryWindow } from './types.ts';

/**
 * `recovered`: every observation of the window is within its bound; `unrecovered`: of one metric at least, every one is
 * outside; `unclear`: neither; `unmeasured`: the alert shows in no metric that has a bound, or one is not observed.
 */
export type RecoveryState = 'recovered' | 'unrecovered' | 'unclear' | 'unmeasured';

export type RecoveryReading = RecoveryBound & {
  /** Decimal text of the last observation; `null` when there is none. */
  readonly latest: string | null;
  readonly samples: number;
  readonly outside: number;
};

export type Recovery = {
  readonly state: RecoveryState;
  readonly window: TelemetryWindow;
  readonly readings: readonly RecoveryReading[];
};

/**
 * @param findings of the incident itself
 * @param observed series of the alerting node
 * @param window the time that the symptom must have been away for
 */
export function recoveryOf(findings: Findings, observed: readonly MetricSeries[], window: TelemetryWindow): Recovery {
  const readings = symptomsOf(findings).flatMap((series) => readingOf(series, observed, window) ?? []);
  const measured = readings.length > 0 && readings.every(({ enough }) => enough);
  return { state: measured ? stateOf(readings) : 'unmeasured', window, readings: readings.map(plainReading) };
}

/** The alerting node's series that show the alert's own symptom; where none does, those that show any. */
function symptomsOf(findings: Findings): readonly SeriesFinding[] {
  const telling = lookup(findings).tellingSeriesOf(findings.alert.node);
  const own = telling.filter(({ symptom }) => symptom === findings.alertSymptom);
  return own.length > 0 ? own : telling;
}

type Judged = RecoveryReading & { readonly enough: boolean };

function readingOf(series: SeriesFinding, observed: readonly MetricSeries[], window: TelemetryWindow): Judged | null {
  const bounded = boundOf(series);
  if (bounded === null) return null;
  const { bound, value: limit } = bounded;
  const own = observed.find(({ node, metric }) => node === series.node && metric === series.metric);
  const points = (own?.timesMs ?? []).flatMap((atMs, index) => {
    const value = own?.values[index];
    return value === undefined || atMs < window.fromMs || atMs > window.toMs ? [] : { atMs, value };
  });
  const latest = points.at(-1);
  const coveredMs = (latest?.atMs ?? 0) - (points[0]?.atMs ?? 0);
  const isOutside = ({ value }: { readonly value: number }): boolean =>
    bound.comparator === 'at-most' ? value > limit : value < limit;
  return {
    ...bound,
    latest: latest === undefined ? null : decimal(latest.value),
    samples: points.length,
    outside: points.filter(isOutside).length,
    enough:
      points.length >= RECOVERY_SAMPLES_MIN && coveredMs >= (window.toMs - window.fromMs) * RECOVERY_COVERED_SHARE_MIN,
  };
}

function stateOf(readings: readonly RecoveryReading[]): RecoveryState {
  if (readings.every(({ outside }) => outside === 0)) return 'recovered';
  return readings.some(({ outside, samples }) => outside === samples) ? 'unrecovered' : 'unclear';
}

const plainReading = ({ enough: _, ...reading }: Judged): RecoveryReading => reading;
