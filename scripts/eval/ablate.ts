/**
 * What voting adds: the same captures answered by each view alone, by all seven together without a vote, and by the
 * contract's procedure (propose, vote, propose again) with weights and thresholds as at genesis.
 *
 * The votes are worked out here without a chain; `--through-chain` runs them on one. Sealed votes are each view's own.
 * In an open vote, votes come one after the other, and who is undecided goes along with those who are not.
 */
import {
  claimOf,
  type Findings,
  faultAssessment,
  judge,
  type Role,
  VERDICT_PROBABILITY_MIN,
  views,
} from '@dao-gov/agent-runtime/analysis';
import { answerOf } from './answer.ts';
import type { Analysed } from './run.ts';
import { type Answer, type Scored, type Summary, score, summarise } from './score.ts';

export type AblationRow = { readonly name: string } & Pick<Summary, 'top1' | 'top3' | 'avg5' | 'abstained'>;

const ROLES: readonly Role[] = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7'];
/** A5 proposes first, then the others in the ring; each round begins one further. */
const RING: readonly Role[] = ['A5', 'A6', 'A7', 'A1', 'A2', 'A3', 'A4'];
const ROUNDS = 3;
/** A fresh account's weight: 1000 + 100 * (80 - 50), in thousandths, plus its stake. */
const WEIGHT_BASE = 4_000;
/** 20 tokens, and as many again for every 300 thousandths of confidence. */
const STAKE_STEP = 20;
const CONFIDENCE_STEP = 300;
/** Thousandths from which a claim pays for its stake, as the preset's rewards and penalties have it. */
const WORTH_CLAIMING = 143;

export function ablate(analysed: readonly Analysed[]): readonly AblationRow[] {
  const row = (name: string, answer: (findings: Findings) => Answer): AblationRow => {
    const scored: readonly Scored[] = analysed.map(({ findings, found }) => score(answer(findings), found.truth));
    const { top1, top3, avg5, abstained } = summarise(scored);
    return { name, top1, top3, avg5, abstained };
  };
  return [
    ...ROLES.map((role) => row(`single agent ${role} (${views[role].name})`, (findings) => alone(findings, role))),
    row('seven, no vote (mean of their probabilities)', together),
    row('seven, open vote', (findings) => voted(findings, 'open')),
    row('seven, sealed vote', (findings) => voted(findings, 'sealed')),
  ];
}

function alone(findings: Findings, role: Role): Answer {
  if (role === 'A5') return answerOf(findings);
  const ranked = views[role].rank(findings);
  return byItself(
    findings,
    ranked.map(({ node, probability }) => ({ node, probability: probability / 1_000 })),
  );
}

/** One voice alone is bound by the same bar as the engine is: below it there is not enough evidence. */
function byItself(findings: Findings, candidates: Answer['candidates']): Answer {
  const most = candidates.reduce((greatest, { probability }) => Math.max(greatest, probability), 0);
  return { ...answerOf(findings), candidates, abstained: most < VERDICT_PROBABILITY_MIN };
}

function together(findings: Findings): Answer {
  const shares = new Map<string, number>();
  for (const role of ROLES) {
    for (const { node, probability } of views[role].rank(findings)) {
      shares.set(node, (shares.get(node) ?? 0) + probability / 1_000 / ROLES.length);
    }
  }
  return byItself(
    findings,
    [...shares].map(([node, probability]) => ({ node, probability })),
  );
}

type Mode = 'open' | 'sealed';

/** The accepted cause first, then what the engine thinks; an abstention where nothing was proposed or accepted. */
function voted(findings: Findings, mode: Mode): Answer {
  const engine = answerOf(findings);
  const rejected: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const claim = claimed(findings, RING.slice(round), rejected);
    if (claim === undefined) break;
    const { proposer, node, faultKind } = claim;
    if (passes(findings, proposer, node, mode)) {
      const rest = engine.candidates.filter((candidate) => candidate.node !== node);
      const most = engine.candidates.reduce((greatest, { probability }) => Math.max(greatest, probability), 0);
      const path = findings.candidates.find((candidate) => candidate.node === node)?.path ?? [];
      const candidates = [{ node, probability: Math.max(1, most + 1) }, ...rest];
      return { candidates, abstained: false, faultKind, path };
    }
    rejected.push(node);
  }
  return { ...engine, abstained: true };
}

/** What the first of these roles claims that has anything to claim: who has not, lets its turn pass. */
function claimed(findings: Findings, roles: readonly Role[], rejected: readonly string[]) {
  const { candidates, verdict } = faultAssessment(findings);
  for (const proposer of roles) {
    const own = views[proposer].rank(findings);
    const claim = claimOf({ conclusive: verdict === 'root-cause', candidates, own }, rejected, WORTH_CLAIMING);
    if (claim) return { proposer, ...claim };
  }
  return undefined;
}

function passes(findings: Findings, proposer: Role, claim: string, mode: Mode): boolean {
  let weightFor = 0;
  let weightAgainst = 0;
  for (const role of ROLES.filter((voter) => voter !== proposer)) {
    const { option, confidence } = judge(views[role], findings, claim);
    const weight = WEIGHT_BASE + STAKE_STEP * (1 + Math.floor(confidence / CONFIDENCE_STEP));
    const follows = mode === 'open' && option === 'Abstain' && weightFor !== weightAgainst;
    const cast = follows ? (weightFor > weightAgainst ? 'For' : 'Against') : option;
    if (cast === 'For') weightFor += weight;
    if (cast === 'Against') weightAgainst += weight;
  }
  return weightFor > weightAgainst;
}
