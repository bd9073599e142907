/**
 * Fits the coefficients of the engine's calibration on random simulated incidents: logistic regression by Newton's
 * method with a small ridge. Half of the incidents fit, the other half tests. No capture is read.
 */
import { analyse, type Features, featuresOf } from '@dao-gov/agent-runtime/analysis';
import { randomIncident } from '@dao-gov/agent-runtime/analysis/testing';
import { mean } from './score.ts';

export type CalibrationReport = {
  readonly incidents: number;
  readonly coefficients: Readonly<Record<'constant' | keyof Features, number>>;
  /** On the half that was not fitted. */
  readonly brier: number;
  readonly curve: readonly CurvePoint[];
};

/** What a bar of "not enough evidence" would do on the half that was not fitted. */
export type CurvePoint = {
  readonly bar: number;
  /** Share of non-incidents that are answered with an abstention. */
  readonly abstainedOnNone: number;
  /** Share of right answers to real incidents that are lost by abstaining. */
  readonly lost: number;
};

type Sample = { readonly inputs: readonly number[]; readonly right: number; readonly none: boolean };

/** Seeds of simulated incidents that no test uses. */
const FIRST_SEED = 1_000;
const RIDGE = 1;
const ROUNDS = 25;
const BARS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] as const;
const DIGITS = 100;

export function calibrate(incidents: number): CalibrationReport {
  const samples = Array.from({ length: incidents }, (_, index) => sampleOf(FIRST_SEED + index));
  const fitted = samples.filter((_, index) => index % 2 === 0);
  const tested = samples.filter((_, index) => index % 2 === 1);
  const weights = logistic(fitted);
  const stated = tested.map((sample) => ({ ...sample, stated: sigmoid(dot(weights, sample.inputs)) }));
  const [constant = 0, share = 0, suspect = 0, shown = 0] = weights.map(rounded);
  const right = stated.filter((sample) => sample.right === 1);
  const none = stated.filter((sample) => sample.none);
  return {
    incidents,
    coefficients: { constant, share, suspect, shown },
    brier: rounded(mean(stated.map((sample) => (sample.stated - sample.right) ** 2))),
    curve: BARS.map((bar) => ({
      bar,
      abstainedOnNone: rounded(mean(none.map((sample) => (sample.stated < bar ? 1 : 0)))),
      lost: rounded(mean(right.map((sample) => (sample.stated < bar ? 1 : 0)))),
    })),
  };
}

function sampleOf(seed: number): Sample {
  const { capture, rootCause, alternatives } = randomIncident(seed);
  const { candidates, nodes, alertDeviations } = analyse(capture);
  const [first] = candidates;
  const finding = nodes.find(({ node }) => node === first?.node);
  const none = rootCause === null;
  // Without a suspect there is nothing to state.
  if (first === undefined || finding === undefined) return { inputs: [1, 0, 0, 0], right: 0, none };
  const { share, suspect, shown } = featuresOf(first.share, finding, alertDeviations);
  const right = !none && [rootCause, ...alternatives].includes(first.node) ? 1 : 0;
  return { inputs: [1, share, suspect, shown], right, none };
}

function logistic(samples: readonly Sample[]): readonly number[] {
  const size = samples[0]?.inputs.length ?? 0;
  let weights = Array.from({ length: size }, () => 0);
  for (let round = 0; round < ROUNDS; round += 1) {
    // The constant is free; the ridge keeps the others finite where samples are separable.
    const gradient = weights.map((weight, index) => (index === 0 ? 0 : -RIDGE * weight));
    const curvature = weights.map((_, row) =>
      weights.map((__, column): number => (row === column && row > 0 ? RIDGE : 0)),
    );
    for (const { inputs, right } of samples) {
      const stated = sigmoid(dot(weights, inputs));
      for (const [row, input] of inputs.entries()) {
        gradient[row] = (gradient[row] ?? 0) + input * (right - stated);
        const line = curvature[row] ?? [];
        for (const [column, other] of inputs.entries()) {
          line[column] = (line[column] ?? 0) + input * other * stated * (1 - stated);
        }
      }
    }
    const step = solved(curvature, gradient);
    weights = weights.map((weight, index) => weight + (step[index] ?? 0));
  }
  return weights;
}

/** Gauss-Jordan; the matrix is positive definite. */
function solved(matrix: readonly (readonly number[])[], target: readonly number[]): readonly number[] {
  const rows = matrix.map((row, index) => [...row, target[index] ?? 0]);
  for (const [pivot, row] of rows.entries()) {
    const scale = row[pivot] ?? 1;
    for (const [column, value] of row.entries()) row[column] = value / scale;
    for (const other of rows) {
      if (other === row) continue;
      const factor = other[pivot] ?? 0;
      for (const [column, value] of row.entries()) other[column] = (other[column] ?? 0) - factor * value;
    }
  }
  return rows.map((row) => row.at(-1) ?? 0);
}

const sigmoid = (odds: number): number => 1 / (1 + Math.exp(-odds));
const dot = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((total, value, index) => total + value * (right[index] ?? 0), 0);
const rounded = (value: number): number => Math.round(value * DIGITS) / DIGITS;
