/**
 * Calibration: from shares of the evidence to probabilities that can be believed.
 *
 * How sure a ranking is does not tell whether there is anything to rank: in ordinary operation something always departs
 * most. So the stated probability of the first suspect is a logistic function (Platt, "Probabilistic outputs for support
 * vector machines", 1999) of its share, of how surely it lost anything, and of whether the node that alerted shows at all
 * what it alerted of. Its coefficients are fitted on random simulated incidents and non-incidents alone
 * (testing/random-incident.ts; `npm run eval -- --calibrate`), never on captures.
 */
import { ALERT_DEVIATIONS_MAX, CALIBRATION, CERTAINTY_MAX, SHARE_MAX, SHARE_MIN } from './constants.ts';
import type { NodeFinding } from './findings.ts';
import { anyOf, clamp, stable } from './statistics.ts';

export type Features = {
  /** Log odds of the suspect's share. */
  readonly share: number;
  /** How surely the suspect lost anything, 0..1; the root, as differences between small evidence tell more. */
  readonly suspect: number;
  /** The same, as far as the alerting node shows what it alerted of: a cause without an effect is none. */
  readonly shown: number;
};

/** @param alertDeviations of the alerting node when it alerted; `null` where nothing was observed of it */
export function featuresOf(share: number, suspect: NodeFinding, alertDeviations: number | null): Features {
  const bounded = clamp(share, SHARE_MIN, SHARE_MAX);
  const own = Math.sqrt(anyOf([suspect.lossEvidence, suspect.metricSeverity]));
  return {
    share: Math.log(bounded / (1 - bounded)),
    suspect: own,
    // Of a node that nothing was observed of, its alert is all that is known.
    shown: own * (alertDeviations === null ? own : shownShare(alertDeviations)),
  };
}

/** Logarithmic, as tenfold deviations are not ten times as visible; 1 from the greatest on. */
function shownShare(deviations: number): number {
  return Math.log1p(clamp(deviations, 0, ALERT_DEVIATIONS_MAX)) / Math.log1p(ALERT_DEVIATIONS_MAX);
}

export function statedProbability({ share, suspect, shown }: Features): number {
  const { constant, ...weights } = CALIBRATION;
  const odds = constant + weights.share * share + weights.suspect * suspect + weights.shown * shown;
  return CERTAINTY_MAX / (1 + Math.exp(-odds));
}

/**
 * Probabilities of suspects whose shares sum to 1, in the same order of size; what is left to 1 is the chance that it is
 * none of them.
 */
export function statedProbabilities(
  suspects: readonly { readonly finding: NodeFinding; readonly share: number }[],
  alertDeviations: number | null,
): readonly number[] {
  const largest = suspects.reduce((most, { share }) => Math.max(most, share), 0);
  if (!(largest > 0)) return suspects.map(() => 0);
  const first = suspects.filter(({ share }) => share === largest);
  const stated = first.map(({ finding, share }) => statedProbability(featuresOf(share, finding, alertDeviations)));
  const top = Math.min(Math.max(...stated), CERTAINTY_MAX / first.length);
  const rest = suspects.reduce((total, { share }) => total + share, 0) - largest * first.length;
  // Others in proportion to the first, as far as there is anything left for them.
  const ratio = rest > 0 ? Math.min(top / largest, (CERTAINTY_MAX - top * first.length) / rest) : 0;
  return suspects.map(({ share }) => stable(share === largest ? top : Math.min(top, share * ratio)));
}
