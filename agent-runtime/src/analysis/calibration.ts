/**
 * Calibration: from shares of the evidence to probabilities that can be believed.
 *
 * How sure a ranking is does not tell whether there is anything to rank: in ordinary operation something always departs
 * most. So the stated probability of the first suspect is a logistic function (Platt, "Probabilistic outputs for support
 * vector machines", 1999) of its share, of how surely the node that alerted lost anything, and of how surely the suspect
 * did. Its coefficients are fitted on random simulated incidents and non-incidents alone (testing/random-incident.ts;
 * `npm run eval -- --calibrate`), never on captures.
 */
import { CALIBRATION, CERTAINTY_MAX, SHARE_MAX, SHARE_MIN } from './constants.ts';
import type { NodeFinding } from './findings.ts';
import { anyOf, clamp, stable } from './statistics.ts';

export type Features = {
  /** Log odds of the first suspect's share. */
  readonly share: number;
  /** 0..1, roots of evidence: differences between small ones tell more. */
  readonly alert: number;
  readonly suspect: number;
};

export function featuresOf(share: number, suspect: NodeFinding, alerting: NodeFinding | null): Features {
  const bounded = clamp(share, SHARE_MIN, SHARE_MAX);
  const own = evidenceOf(suspect);
  return {
    share: Math.log(bounded / (1 - bounded)),
    // Of a node that nothing was observed of, its alert is all that is known.
    alert: alerting === null || alerting.status === 'silent' ? own : evidenceOf(alerting),
    suspect: own,
  };
}

function evidenceOf({ lossEvidence, metricSeverity }: NodeFinding): number {
  return Math.sqrt(anyOf([lossEvidence, metricSeverity]));
}

export function statedProbability({ share, alert, suspect }: Features): number {
  const { constant, ...weights } = CALIBRATION;
  const odds = constant + weights.share * share + weights.alert * alert + weights.suspect * suspect;
  return CERTAINTY_MAX / (1 + Math.exp(-odds));
}

/**
 * Probabilities of suspects whose shares sum to 1, in the same order of size; what is left to 1 is the chance that it is
 * none of them.
 */
export function statedProbabilities(
  suspects: readonly { readonly finding: NodeFinding; readonly share: number }[],
  alerting: NodeFinding | null,
): readonly number[] {
  const largest = suspects.reduce((most, { share }) => Math.max(most, share), 0);
  if (!(largest > 0)) return suspects.map(() => 0);
  const first = suspects.filter(({ share }) => share === largest);
  const stated = first.map(({ finding, share }) => statedProbability(featuresOf(share, finding, alerting)));
  const top = Math.min(Math.max(...stated), CERTAINTY_MAX / first.length);
  const rest = suspects.reduce((total, { share }) => total + share, 0) - largest * first.length;
  // Others in proportion to the first, as far as there is anything left for them.
  const ratio = rest > 0 ? Math.min(top / largest, (CERTAINTY_MAX - top * first.length) / rest) : 0;
  return suspects.map(({ share }) => stable(share === largest ? top : Math.min(top, share * ratio)));
}
