/** What was measured, as rows of a table and as JSON. */
import type { FloorSamples } from './floor.ts';
import type { Figures } from './measure.ts';
import type { Measured } from './session.ts';
import { type Percentiles, percentilesOf } from './statistics.ts';

/** One network at one rate, beside its floor. */
export interface Sample extends Measured {
  readonly validators: number;
  /** Transactions a second that were offered. */
  readonly rate: number;
  readonly floor: FloorSamples;
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** Every value with one digit after the point. */
export const rounded = <K extends string>(values: Readonly<Record<K, number>>): Record<K, number> =>
  Object.fromEntries(Object.entries<number>(values).map(([key, value]) => [key, round(value)])) as Record<K, number>;

export const three = ({ p50, p90, p99 }: Percentiles): string[] => [p50, p90, p99].map((value) => value.toFixed(1));

/** How many times the floor propose-to-final takes, by their medians. */
export const ratioOf = ({ figures, floor }: Pick<Sample, 'figures' | 'floor'>): number =>
  figures.finalityMs.p50 / percentilesOf(floor.allMs).p50;

const costRows = (figures: Figures): string[][] => [
  [
    'messages/block',
    figures.messagesPerBlock.toFixed(1),
    '',
    '',
    `one node; ${figures.messagesPerBlockTotal.toFixed(0)} all nodes`,
  ],
  ['KB/block', (figures.bytesPerBlock / 1_000).toFixed(1), '', '', 'sent by one node'],
  ['CPU ms/block', figures.cpuMsPerBlock.toFixed(1), '', '', `one node; ${figures.cores.toFixed(2)} cores all nodes`],
  ['memory MiB', figures.residentMibMax.toFixed(0), '', '', 'resident, the largest node'],
  [
    'load cores',
    figures.loadCores.toFixed(2),
    '',
    '',
    `what makes the load; all else here ${figures.otherCores.toFixed(2)}`,
  ],
];

/** A run as a table, one figure a row. */
export function sampleRows(sample: Sample): string[][] {
  const { figures, floor } = sample;
  const { finalityMs, submitToFinalMs } = figures;
  return [
    ['figure', 'p50', 'p90', 'p99', 'what it is'],
    [
      'floor ms',
      ...three(percentilesOf(floor.allMs)),
      `three all-to-all hops, no consensus; ${floor.allMs.length} rounds`,
    ],
    ['floor 1-n-n ms', ...three(percentilesOf(floor.leaderFirstMs)), 'the same, first hop by the leader alone'],
    ['propose to final ms', ...three(finalityMs), `at the proposer, on disk; ${figures.finalitySamples} blocks`],
    ['submit to final ms', ...three(submitToFinalMs), `at the client; ${figures.latenciesMs.length} transactions`],
    ['ratio to floor', ratioOf(sample).toFixed(2), '', '', 'propose to final over floor'],
    ['blocks/s', figures.blocksPerSecond.toFixed(1), '', '', `${figures.blocks} in ${figures.seconds.toFixed(1)} s`],
    ['tx/s', figures.txPerSecond.toFixed(1), '', '', `${figures.transactionsPerBlock.toFixed(1)} in a block`],
    ['views/block', figures.viewsPerBlock.toFixed(2), '', '', 'above 1: leaders whose view was given up'],
    ...costRows(figures),
  ];
}

/** A run for machines. */
export function sampleJson(sample: Sample) {
  const { validators, rate, figures, floor, heldBack, unfinished, keptUp } = sample;
  return {
    ...{ validators, offeredTxPerSecond: rate, seconds: round(figures.seconds) },
    floorMs: round(percentilesOf(floor.allMs).p50),
    floorLeaderFirstMs: round(percentilesOf(floor.leaderFirstMs).p50),
    finalityMs: rounded(figures.finalityMs),
    submitToFinalMs: rounded(figures.submitToFinalMs),
    ratioToFloor: round(ratioOf(sample), 2),
    ...rounded({ blocksPerSecond: figures.blocksPerSecond, txPerSecond: figures.txPerSecond }),
    viewsPerBlock: round(figures.viewsPerBlock, 2),
    ...rounded({ messagesPerBlock: figures.messagesPerBlock, messagesPerBlockTotal: figures.messagesPerBlockTotal }),
    ...rounded({ bytesPerBlock: figures.bytesPerBlock, cpuMsPerBlock: figures.cpuMsPerBlock }),
    ...{
      cores: round(figures.cores, 2),
      loadCores: round(figures.loadCores, 2),
      otherCores: round(figures.otherCores, 2),
    },
    ...{ memoryMib: round(figures.residentMibMax), heldBack, unfinished, keptUp },
  };
}

/** Heading of the table of a sweep. */
export const SWEEP_HEAD: readonly string[] = [
  ...[
    'n',
    'tx/s offered',
    'tx/s',
    'blocks/s',
    'floor ms',
    'final p50',
    'final p99',
    'ratio',
    'submit p50',
    'submit p99',
  ],
  ...['messages/block', 'a node', 'KB/block', 'CPU ms/block', 'MiB', ''],
];

/** A run as one row of the table of a sweep. */
export function sweepRow(sample: Sample): string[] {
  const { validators, rate, figures, floor, keptUp } = sample;
  const { finalityMs, submitToFinalMs } = figures;
  return [
    ...[String(validators), String(rate), figures.txPerSecond.toFixed(1), figures.blocksPerSecond.toFixed(1)],
    ...[percentilesOf(floor.allMs).p50.toFixed(1), finalityMs.p50.toFixed(1), finalityMs.p99.toFixed(1)],
    ...[ratioOf(sample).toFixed(2), submitToFinalMs.p50.toFixed(1), submitToFinalMs.p99.toFixed(1)],
    ...[figures.messagesPerBlockTotal.toFixed(0), figures.messagesPerBlock.toFixed(1)],
    ...[
      (figures.bytesPerBlock / 1_000).toFixed(1),
      figures.cpuMsPerBlock.toFixed(1),
      figures.residentMibMax.toFixed(0),
    ],
    keptUp ? '' : 'overloaded',
  ];
}
