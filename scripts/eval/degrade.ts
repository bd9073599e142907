/** How accuracy falls with less to go by: the same captures without traces, without logs, without a third of the metrics. */
import { analyse, type Capture } from '@dao-gov/agent-runtime/analysis';
import { readCapture } from '@dao-gov/agent-runtime/telemetry';
import { answerOf } from './answer.ts';
import type { Case } from './cases.ts';
import { mean, type Scored, type Summary, score, summarise } from './score.ts';

export type DegradedRow = { readonly name: string } & Pick<Summary, 'top1' | 'top3' | 'abstained' | 'kind'>;

type Loss = {
  readonly name: string;
  /** Draws of what is lost, each an own run; figures are means over them. */
  readonly lose: readonly ((capture: Capture) => Capture)[];
};

/** Each series is lost in exactly one of so many draws. */
const THIRDS = 3;

const withoutSpans = (capture: Capture): Capture => ({ ...capture, spans: [] });
const withoutLogs = (capture: Capture): Capture => ({ ...capture, logs: [] });
const metricsAlone = (capture: Capture): Capture => withoutSpans(withoutLogs(capture));
const thirdsOf = (rest: (capture: Capture) => Capture): Loss['lose'] =>
  Array.from({ length: THIRDS }, (_, draw) => (capture: Capture): Capture => {
    const metrics = capture.metrics.filter(({ node, metric }) => hashOf(`${node}\n${metric}`) % THIRDS !== draw);
    return rest({ ...capture, metrics });
  });

const LOSSES: readonly Loss[] = [
  { name: 'everything', lose: [(capture) => capture] },
  { name: 'without traces', lose: [withoutSpans] },
  { name: 'without logs', lose: [withoutLogs] },
  { name: 'without a third of the metrics', lose: thirdsOf((capture) => capture) },
  { name: 'metrics alone', lose: [metricsAlone] },
  { name: 'metrics alone, a third of them lost', lose: thirdsOf(metricsAlone) },
  { name: 'traces and logs alone', lose: [(capture) => ({ ...capture, metrics: [] })] },
];

export async function degrade(cases: readonly Case[]): Promise<readonly DegradedRow[]> {
  const scored = LOSSES.map(({ lose }) => lose.map((): Scored[] => []));
  for (const { folder, truth } of cases) {
    const capture = await readCapture(folder);
    for (const [index, { lose }] of LOSSES.entries()) {
      for (const [draw, remove] of lose.entries()) {
        scored[index]?.[draw]?.push(score(answerOf(analyse(remove(capture))), truth));
      }
    }
  }
  return LOSSES.map(({ name }, index) => {
    const draws = (scored[index] ?? []).map(summarise);
    const kinds = draws.flatMap(({ kind }) => kind ?? []);
    return {
      name,
      top1: mean(draws.map(({ top1 }) => top1)),
      top3: mean(draws.map(({ top3 }) => top3)),
      abstained: mean(draws.map(({ abstained }) => abstained)),
      kind: kinds.length > 0 ? mean(kinds) : null,
    };
  });
}

/** FNV-1a: spreads names evenly, and every run alike. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
