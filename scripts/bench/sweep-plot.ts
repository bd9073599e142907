/** How cost grows with validators and with load, as a page. */
import { type Chart, type Curve, type Point, pageHtml } from './chart.ts';
import { growthExponent, squareGuide } from './growth.ts';
import type { Percentiles } from './statistics.ts';

export interface CostPoint {
  readonly validators: number;
  /** Transactions a second that were offered. */
  readonly rate: number;
  readonly txPerSecond: number;
  readonly blocksPerSecond: number;
  readonly floorMs: number;
  readonly finalityMs: Percentiles;
  readonly submitToFinalMs: Percentiles;
  /** Of all nodes together. */
  readonly messagesPerBlock: number;
  readonly bytesPerBlock: number;
  /** Of one node; absent where no processor was measured. */
  readonly cpuMsPerBlock?: number;
}

type Read = (point: CostPoint) => number;

const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** One curve a rate over the validators. */
const byRate = (points: readonly CostPoint[], read: Read): Curve[] =>
  distinct(points.map(({ rate }) => rate)).map((rate) => ({
    name: `${rate} tx/s`,
    points: points.filter((point) => point.rate === rate).map((point) => [point.validators, read(point)] as const),
    dots: true,
  }));

/** One curve a size of network over the offered rate. */
const bySize = (points: readonly CostPoint[], name: string, read: Read): Curve[] =>
  distinct(points.map(({ validators }) => validators)).map((validators) => ({
    name: `${validators} nodes${name}`,
    points: points
      .filter((point) => point.validators === validators)
      .map((point) => [point.rate, read(point)] as const),
    dots: true,
  }));

const withGuide = (curves: readonly Curve[]): Curve[] => [
  ...curves,
  { name: 'n (n - 1)', points: squareGuide(curves[0]?.points ?? []), guide: true },
];

const nodes = { x: 'validators', logarithmic: true } as const;
const offered = { x: 'tx/s offered' } as const;

function growthCharts(points: readonly CostPoint[]): Chart[] {
  const least = Math.min(...points.map(({ rate }) => rate));
  const quiet = points.filter(({ rate }) => rate === least);
  const over = (name: string, read: Read, guide = false): Curve => ({
    ...{ name, dots: !guide, guide },
    points: quiet.map((point) => [point.validators, read(point)] as const),
  });
  const cpu = points.filter((point) => point.cpuMsPerBlock !== undefined);
  return [
    {
      ...{ title: 'Messages of a block, all nodes together', y: 'messages', ...nodes },
      curves: withGuide(byRate(points, (point) => point.messagesPerBlock)),
    },
    {
      ...{ title: 'Bytes of a block, all nodes together', y: 'KB', ...nodes },
      curves: withGuide(byRate(points, (point) => point.bytesPerBlock / 1_000)),
    },
    ...(cpu.length === 0
      ? []
      : [
          {
            ...{ title: 'Processor time of a block, one node', y: 'ms', ...nodes },
            curves: byRate(cpu, (point) => point.cpuMsPerBlock ?? Number.NaN),
          },
        ]),
    {
      ...{ title: `Latency at ${least} tx/s`, y: 'ms', ...nodes },
      curves: [
        over('floor, p50', (point) => point.floorMs, true),
        over('propose to final, p50', (point) => point.finalityMs.p50),
        over('propose to final, p99', (point) => point.finalityMs.p99),
        over('submit to final, p50', (point) => point.submitToFinalMs.p50),
        over('submit to final, p99', (point) => point.submitToFinalMs.p99),
      ],
    },
  ];
}

function loadCharts(points: readonly CostPoint[]): Chart[] {
  const rates = distinct(points.map(({ rate }) => rate));
  if (rates.length < 2) return [];
  return [
    {
      ...{ title: 'Submit to final against offered load', y: 'ms', ...offered },
      curves: [
        ...bySize(points, ', p50', (point) => point.submitToFinalMs.p50),
        ...bySize(points, ', p99', (point) => point.submitToFinalMs.p99),
      ],
    },
    {
      ...{ title: 'Final transactions against offered load', y: 'tx/s', ...offered },
      curves: [
        ...bySize(points, '', (point) => point.txPerSecond),
        {
          name: 'all that is offered',
          points: [[0, 0] as Point, ...rates.map((rate): Point => [rate, rate])],
          guide: true,
        },
      ],
    },
  ];
}

/** One sentence: the power of n that the messages of a block grow with; none where only one size was measured. */
export function growthNote(points: readonly CostPoint[]): readonly string[] {
  if (distinct(points.map(({ validators }) => validators)).length < 2) return [];
  const least = Math.min(...points.map(({ rate }) => rate));
  const quiet = points.filter(({ rate }) => rate === least);
  const power = (x: Read): string =>
    growthExponent(quiet.map((point) => [x(point), point.messagesPerBlock] as const)).toFixed(2);
  return [
    `At ${least} tx/s the messages of a block grow as n^${power(({ validators }) => validators)} in the validators, ` +
      `and as (n (n - 1))^${power(({ validators }) => validators * (validators - 1))}: 1 there means that each node says as often ` +
      'the same to each other, however many they are.',
  ];
}

export function costPage(
  title: string,
  points: readonly CostPoint[],
  rows: readonly (readonly string[])[],
  notes: readonly string[],
): string {
  return pageHtml(title, points.length === 0 ? [] : [...growthCharts(points), ...loadCharts(points)], rows, notes);
}
