/** The evaluation as tables for people and as one object for machines. */
import { table } from '../lib/output.ts';
import type { AblationRow } from './ablate.ts';
import type { CalibrationReport } from './calibrate.ts';
import type { DegradedRow } from './degrade.ts';
import type { ModelUsage } from './model-usage.ts';
import type { Answered } from './run.ts';
import {
  constantBaseline,
  mean,
  randomBaseline,
  reliability,
  type Scored,
  type Summary,
  score,
  summarise,
} from './score.ts';

export type EvaluationJson = {
  readonly cases: number;
  readonly top1: number;
  readonly top3: number;
  readonly avg5: number;
  readonly abstained: number;
  readonly brier: number;
  readonly secondsPerCase: number;
  readonly baselines: { readonly constantTop1: number; readonly constantTop3: number };
};

const DIGITS = 3;
const figure = (value: number | null): string => (value === null ? '' : value.toFixed(DIGITS));
const rounded = (value: number): number => Number(value.toFixed(DIGITS));

/** @param taken what the seconds of a case are */
export function evaluationText(answered: readonly Answered[], taken = 'of analysis'): string {
  const scored = answered.map(({ answer, found }) => score(answer, found.truth));
  const { constant, random } = baselinesOf(answered);
  const rows = [
    ['cases of', 'n', 'top-1', 'top-3', 'avg@5', 'abstained', 'Brier', 'kind', 'path'],
    ...groups(answered, scored, ({ found }) => found.scenario),
    ...groups(answered, scored, ({ found }) => found.truth.fault ?? found.truth.faultKind ?? ''),
    row('all', summarise(scored)),
    ['constant predictor', '', figure(constant.top1), figure(constant.top3)],
    ['random predictor', '', figure(random.top1), figure(random.top3)],
  ];
  const abstained = answered.filter(({ answer }) => answer.abstained).map(({ found }) => found.name);
  return [
    table(rows),
    '',
    'How far stated probabilities can be believed:',
    reliabilityTable(scored),
    ...(abstained.length > 0 ? ['', `Not enough evidence: ${abstained.join(', ')}`] : []),
    '',
    `${mean(answered.map(({ seconds }) => seconds)).toFixed(DIGITS)} s ${taken} a case.`,
  ].join('\n');
}

/** One line a case: what was answered, and where the truth came. */
export function casesText(answered: readonly Answered[]): string {
  return table([
    ['case', 'truth', 'place', 'answer', 'stated'],
    ...answered.map(({ answer, found }) => {
      const { place, stated } = score(answer, found.truth);
      const said = answer.abstained ? '(not enough evidence)' : (answer.candidates[0]?.node ?? '');
      return [found.name, found.truth.rootCause ?? '(nothing)', String(place ?? '-'), said, figure(stated)];
    }),
  ]);
}

/** What language models cost over all cases. */
export function usageText({ decisions, degraded, requests, promptTokens, completionTokens, cost }: ModelUsage): string {
  const price = cost === null ? 'no price is set (OPENAI_PRICE_INPUT, OPENAI_PRICE_OUTPUT)' : `cost ${cost.toFixed(4)}`;
  return [
    `The model was asked for ${decisions} decisions; the deterministic reasoner made ${degraded} of them instead.`,
    `${requests} requests, ${promptTokens} + ${completionTokens} tokens (prompts + answers); ${price}.`,
  ].join('\n');
}

export function ablationText(rows: readonly AblationRow[]): string {
  return table([
    ['answered by', 'top-1', 'top-3', 'avg@5', 'abstained'],
    ...rows.map(({ name, top1, top3, avg5, abstained }) => [
      name,
      figure(top1),
      figure(top3),
      figure(avg5),
      String(abstained),
    ]),
  ]);
}

export function degradationText(rows: readonly DegradedRow[]): string {
  return table([
    ['evidence', 'top-1', 'top-3', 'abstained', 'kind'],
    ...rows.map(({ name, top1, top3, abstained, kind }) => [
      name,
      figure(top1),
      figure(top3),
      abstained.toFixed(1),
      figure(kind),
    ]),
  ]);
}

export function calibrationText({ incidents, coefficients, brier, curve }: CalibrationReport): string {
  const terms = Object.entries(coefficients).map(([name, value]) => `${name} ${value}`);
  return [
    `Half of ${incidents} simulated incidents fitted: ${terms.join(', ')}. Brier on the other half: ${figure(brier)}`,
    '',
    table([
      ['bar', 'none abstained', 'right ones lost'],
      ...curve.map(({ bar, abstainedOnNone, lost }) => [bar.toFixed(1), figure(abstainedOnNone), figure(lost)]),
    ]),
  ].join('\n');
}

export function evaluationJson(answered: readonly Answered[]): EvaluationJson {
  const { cases, top1, top3, avg5, abstained, brier } = summarise(
    answered.map(({ answer, found }) => score(answer, found.truth)),
  );
  const { constant } = baselinesOf(answered);
  return {
    cases,
    top1: rounded(top1),
    top3: rounded(top3),
    avg5: rounded(avg5),
    abstained,
    brier: rounded(brier),
    secondsPerCase: rounded(mean(answered.map(({ seconds }) => seconds))),
    baselines: { constantTop1: rounded(constant.top1), constantTop3: rounded(constant.top3) },
  };
}

function baselinesOf(answered: readonly Answered[]) {
  return {
    constant: constantBaseline(answered.map(({ found }) => found.truth)),
    random: randomBaseline(answered.map(({ nodes }) => nodes)),
  };
}

function groups(
  answered: readonly Answered[],
  scored: readonly Scored[],
  nameOf: (item: Answered) => string,
): readonly (readonly string[])[] {
  const members = Map.groupBy(answered.keys(), (index) => {
    const item = answered[index];
    return item === undefined ? '' : nameOf(item);
  });
  if (members.size < 2) return [];
  return [...members]
    .toSorted(([left], [right]) => left.localeCompare(right, 'en'))
    .map(([name, indexes]) => row(name || '(not told)', summarise(indexes.flatMap((index) => scored[index] ?? []))));
}

function row(name: string, { cases, top1, top3, avg5, abstained, brier, kind, path }: Summary): readonly string[] {
  return [
    name,
    String(cases),
    figure(top1),
    figure(top3),
    figure(avg5),
    String(abstained),
    figure(brier),
    figure(kind),
    figure(path),
  ];
}

function reliabilityTable(scored: readonly Scored[]): string {
  return table([
    ['stated', 'cases', 'mean stated', 'right'],
    ...reliability(scored).map(({ from, to, cases, stated, right }) => [
      `${from.toFixed(1)} to ${to.toFixed(1)}`,
      String(cases),
      cases === 0 ? '' : figure(stated),
      cases === 0 ? '' : figure(right),
    ]),
  ]);
}
