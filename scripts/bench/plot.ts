/** One run as a page: how latencies are spread, and what became final when. */
import { type Chart, isKnown, type Point, pageHtml } from './chart.ts';
import { type Percentiles, percentile } from './statistics.ts';

export interface PlotData {
  readonly title: string;
  readonly floorMs: readonly number[];
  readonly finalityMs: Percentiles;
  readonly latenciesMs: readonly number[];
  /** Seconds since the load began: when blocks came, with their transactions. */
  readonly blocks: readonly { readonly atSeconds: number; readonly transactionCount: number }[];
  readonly killedAtSeconds: number | null;
  readonly rows: readonly (readonly string[])[];
  readonly notes?: readonly string[];
}

/** Seconds of one point of the curves over time. */
const STEP_SECONDS = 0.5;
const CURVE_POINTS = 100;

/** Share of samples at or below each value, in percent. */
export function distribution(samples: readonly number[]): readonly Point[] {
  if (samples.length === 0) return [];
  return Array.from({ length: CURVE_POINTS }, (_, at) => [percentile(samples, at / CURVE_POINTS), at] as const);
}

/** What the blocks of each whole step carry, a second. */
export function perSecond(
  blocks: PlotData['blocks'],
  weigh: (block: PlotData['blocks'][number]) => number,
): readonly Point[] {
  const steps = Math.floor((blocks.at(-1)?.atSeconds ?? 0) / STEP_SECONDS);
  const sums = Array.from({ length: steps }, () => 0);
  for (const block of blocks) {
    const step = Math.floor(block.atSeconds / STEP_SECONDS);
    if (step < steps) sums[step] = (sums[step] ?? 0) + weigh(block);
  }
  return sums.map((sum, step) => [(step + 0.5) * STEP_SECONDS, sum / STEP_SECONDS] as const);
}

export function plotHtml(data: PlotData): string {
  const { title, floorMs, finalityMs, latenciesMs, blocks, killedAtSeconds, rows, notes } = data;
  const finality: readonly Point[] = [
    [0, 0] as const,
    [finalityMs.p50, 50] as const,
    [finalityMs.p90, 90] as const,
    [finalityMs.p99, 99] as const,
  ];
  const mark = killedAtSeconds === null ? null : { x: killedAtSeconds, label: 'nodes killed' };
  const charts: readonly Chart[] = [
    {
      title: 'Latency: share of blocks or transactions at most this slow',
      ...{ x: 'ms', y: '%' },
      curves: [
        { name: 'floor (no consensus)', points: distribution(floorMs), guide: true },
        { name: 'propose to final', points: finality.filter(isKnown) },
        { name: 'submit to final', points: distribution(latenciesMs) },
      ],
    },
    {
      title: 'Final transactions over time',
      ...{ x: 'seconds of load', y: 'tx/s', mark },
      curves: [{ name: 'transactions a second', points: perSecond(blocks, (block) => block.transactionCount) }],
    },
    {
      title: 'Blocks over time',
      ...{ x: 'seconds of load', y: 'blocks/s', mark },
      curves: [{ name: 'blocks a second', points: perSecond(blocks, () => 1) }],
    },
  ];
  return pageHtml(title, charts, rows, notes);
}
