/** A5's product: the candidates with their probabilities, and why. */
import { ASSESSMENT_CANDIDATES_MAX } from '../constants.ts';
import type { FaultKind, Findings, Verdict } from '../findings.ts';
import { thousandths } from '../format.ts';
import { lookup } from '../lookup.ts';
import { type Figure, reasonFor } from '../reason.ts';
import { budgetFor, takeFitting } from './budget.ts';

export type AssessedCandidate = {
  readonly node: string;
  /** Thousandths; the rest to 1000 over all candidates is "none of these". */
  readonly probability: number;
  readonly faultKind: FaultKind;
  /** From the alerting node to the candidate. */
  readonly path: readonly string[];
  /** The independent rankings that know this candidate, with its place in each, counted from 1. */
  readonly evidence: readonly { readonly ranking: string; readonly place: number }[];
  readonly reason: string;
  readonly reasonZh: string;
  readonly figures: readonly Figure[];
};

export type FaultAssessment = {
  readonly product: 'fault-assessment';
  readonly version: 1;
  readonly captureId: string;
  readonly verdict: Verdict;
  readonly candidates: readonly AssessedCandidate[];
  readonly omittedCandidates: number;
};

export function faultAssessment(findings: Findings): FaultAssessment {
  const view = lookup(findings);
  const frame: FaultAssessment = {
    product: 'fault-assessment',
    version: 1,
    captureId: findings.captureId,
    verdict: findings.verdict,
    candidates: [],
    omittedCandidates: findings.candidates.length,
  };
  const assessed = findings.candidates
    .slice(0, ASSESSMENT_CANDIDATES_MAX)
    .map(({ node, probability, faultKind, path }): AssessedCandidate => {
      const { en, zh, figures } = reasonFor(view, node);
      const evidence = findings.rankings.flatMap((ranking) => {
        const own = ranking.nodes.find((ranked) => ranked.node === node);
        if (own === undefined) return [];
        const better = ranking.nodes.filter(({ score }) => score > own.score).length;
        return [{ ranking: ranking.evidence, place: better + 1 }];
      });
      return {
        node,
        probability: thousandths(probability),
        faultKind,
        path,
        evidence,
        reason: en,
        reasonZh: zh,
        figures,
      };
    });
  const { taken } = takeFitting(assessed, budgetFor(frame));
  return { ...frame, candidates: taken, omittedCandidates: findings.candidates.length - taken.length };
}
