/**
 * The judgment: the verdict in plain words. One composition for both languages, so that both say the same; only the
 * phrases differ. Texts of agents and telemetry are quoted with control characters taken out: they are not ours.
 */
import type {
  Verdict,
  VerdictBallot,
  VerdictChallenge,
  VerdictClaim,
  VerdictMovement,
  VerdictParty,
} from './bundle.ts';
import { CHINESE } from './judgment-chinese.ts';
import { ENGLISH } from './judgment-english.ts';
import type { Phrases } from './judgment-phrases.ts';

type Facts = Omit<Verdict, 'judgment'>;
type Language = 'en' | 'zh';

/** Latest time that a calendar date can express (ECMA-262, section 21.4.1.1), in milliseconds. */
const TIME_MS_MAX = 8.64e15;

const clean = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
const time = (ms: number): string => (ms <= TIME_MS_MAX ? new Date(ms).toISOString() : `${ms} ms`);
/** 4400 thousandths are "4.400". */
const fixed = (thousandths: number): string =>
  `${Math.floor(thousandths / 1_000)}.${String(thousandths % 1_000).padStart(3, '0')}`;
/** 870 thousandths are "87.0 %". */
const percent = (thousandths: number): string => `${Math.floor(thousandths / 10)}.${thousandths % 10} %`;
const indent = (line: string): string => `  ${line}`;
const person = ({ name, address }: VerdictParty): string => `${clean(name)} (${address})`;

function headLines(facts: Facts, phrases: Phrases): readonly string[] {
  const { incident, asOf, state, observers } = facts;
  const { incidentId, title, priority, node, metric, atMs, source, closedAtMs } = incident;
  const standing = facts.finished
    ? phrases.finished(phrases.states[state], time(closedAtMs), asOf.height)
    : phrases.unfinished(phrases.states[state], asOf.height, time(asOf.timestampMs));
  return [
    phrases.title(incidentId, clean(title)),
    standing,
    phrases.alert({ metric: clean(metric), node: clean(node), source: clean(source), at: time(atMs), priority }),
    phrases.observers(observers.map(person)),
  ];
}

function stepLines({ steps }: Facts, phrases: Phrases): readonly string[] {
  return [
    phrases.procedure,
    ...steps.map(({ step, by, atMs, height, transaction, evidence, summary }, index) =>
      indent(
        phrases.step({
          ...{ number: index + 1, height, transaction, evidence },
          ...{ step: phrases.steps[step], by: person(by), at: time(atMs), summary: clean(summary) },
        }),
      ),
    ),
  ];
}

function ballotLine(
  { voter, weight, stake, status, option, reason }: VerdictBallot,
  language: Language,
  phrases: Phrases,
) {
  const who = person(voter);
  if (status === 'none') return phrases.noVote(who, fixed(weight));
  if (option === '') return phrases.sealedVote(who, fixed(weight), stake);
  return phrases.vote(who, phrases.options[option], fixed(weight), stake, clean(reason?.[language] ?? ''));
}

function decisionLine(
  { decision, eligibleWeight }: Pick<VerdictClaim, 'decision' | 'eligibleWeight'>,
  phrases: Phrases,
): string {
  if (decision === null) return phrases.undecided;
  return phrases.decision({
    passed: decision.passed,
    height: decision.height,
    at: time(decision.atMs),
    weightFor: fixed(decision.weightFor),
    weightAgainst: fixed(decision.weightAgainst),
    weightAbstain: fixed(decision.weightAbstain),
    eligible: fixed(eligibleWeight),
    support: percent(decision.supportThousandths),
    participation: percent(decision.participationThousandths),
  });
}

function claimLines(claim: VerdictClaim, language: Language, phrases: Phrases): readonly string[] {
  const { round, proposer, rootCause, faultKind, probability, stake, reason, cites, ballots } = claim;
  return [
    phrases.claim({
      ...{ round, stake, cites, proposer: person(proposer), probability: percent(probability) },
      ...{ rootCause: clean(rootCause), faultKind: clean(faultKind), reason: clean(reason[language]) },
    }),
    ...ballots.map((ballot) => indent(ballotLine(ballot, language, phrases))),
    indent(decisionLine(claim, phrases)),
    ...(claim.withheldFrom === null ? [] : [indent(phrases.withheld(person(claim.withheldFrom)))]),
    ...(claim.overturnedBy === '' ? [] : [phrases.overturned(round, phrases.deciders[claim.overturnedBy])]),
  ];
}

function challengeLines(challenge: VerdictChallenge, language: Language, phrases: Phrases): readonly string[] {
  const { round, challenger, bond, reason, newEvidence, ballots, decision, result, decidedBy } = challenge;
  return [
    phrases.challenge({ round, bond, newEvidence, challenger: person(challenger), reason: clean(reason[language]) }),
    ...ballots.map((ballot) => indent(ballotLine(ballot, language, phrases))),
    ...(decision === null ? [] : [indent(decisionLine(challenge, phrases))]),
    result === '' || decidedBy === ''
      ? phrases.challengeOpen
      : phrases.challengeResult(result, phrases.deciders[decidedBy]),
  ];
}

const reportLines = ({ outcomeReports }: Facts, phrases: Phrases): readonly string[] =>
  outcomeReports.map(({ by, recovered, metrics, atMs }) => phrases.report(person(by), recovered, metrics, time(atMs)));

function movementLine({ kind, party, amount, reputation, reason, height }: VerdictMovement, phrases: Phrases): string {
  const why = phrases.reasons[reason] ?? clean(reason);
  return phrases.movement(phrases.movements[kind], person(party), amount, reputation, why, height);
}

function moneyLines({ movements, totals }: Facts, phrases: Phrases): readonly string[] {
  return [
    phrases.money,
    ...movements.map((movement) => indent(movementLine(movement, phrases))),
    indent(phrases.totals(totals)),
  ];
}

function compose(facts: Facts, language: Language, phrases: Phrases): string {
  const { rootCause, faultKind, claims, challenges } = facts;
  return [
    ...headLines(facts, phrases),
    ...stepLines(facts, phrases),
    ...(claims.length === 0 ? [phrases.noClaim] : claims.flatMap((claim) => claimLines(claim, language, phrases))),
    ...challenges.flatMap((challenge) => challengeLines(challenge, language, phrases)),
    ...reportLines(facts, phrases),
    rootCause === '' ? phrases.noRootCause : phrases.rootCause(clean(rootCause), clean(faultKind)),
    ...moneyLines(facts, phrases),
  ].join('\n');
}

/** The verdict in plain words, in both languages. */
export const judgmentOf = (facts: Facts): Verdict['judgment'] => ({
  en: compose(facts, 'en', ENGLISH),
  zh: compose(facts, 'zh', CHINESE),
});
