/** What a window of a run comes to, out of what clients saw and what the nodes counted. */
import { clientOf, waitFor } from '../testnet/api.ts';
import type { Testnet } from '../testnet/testnet.ts';
import type { Load } from './load.ts';
import { type MachineSample, sampleMachine } from './machine.ts';
import { histogramOf, type NodeSample, sampleNode } from './metrics.ts';
import {
  combine,
  type Histogram,
  histogramPercentiles,
  type Percentiles,
  percentilesOf,
  samplesIn,
} from './statistics.ts';

const FINALITY = 'dao_gov_finality_ms';

export interface Figures {
  readonly seconds: number;
  readonly blocks: number;
  readonly blocksPerSecond: number;
  readonly txPerSecond: number;
  readonly transactionsPerBlock: number;
  /** 1 when every leader's block became final; more where views were given up. */
  readonly viewsPerBlock: number;
  /** From the start of building to the commit on disk, at the proposer; read from histograms. */
  readonly finalityMs: Percentiles;
  readonly finalitySamples: number;
  /** From before the request to the notice on a live stream, at the client. */
  readonly submitToFinalMs: Percentiles;
  readonly latenciesMs: readonly number[];
  /** Of all nodes together. */
  readonly messagesPerBlockTotal: number;
  /** Of one node, on average. */
  readonly messagesPerBlock: number;
  readonly bytesPerBlock: number;
  readonly cpuMsPerBlock: number;
  /** Share of one core that all nodes together took. */
  readonly cores: number;
  /** Share of one core that the load took, and that everything else on the machine took; NaN where it is not told. */
  readonly loadCores: number;
  readonly otherCores: number;
  readonly residentMibMax: number;
  /** Nodes that were measured. */
  readonly nodes: number;
}

export interface Window {
  readonly from: number;
  readonly place: { readonly view: number; readonly height: number };
  readonly samples: ReadonlyMap<number, NodeSample>;
  readonly machine: MachineSample;
}

/** Milliseconds in which a node answers sometime: one that is measured at its limit may drop a connection. */
const ANSWER_MS_MAX = 90_000;

export async function openWindow(testnet: Testnet): Promise<Window> {
  const living = testnet.nodes.filter((node) => testnet.pid(node) !== null);
  const from = performance.now();
  const machine = sampleMachine();
  const [{ view, height }, ...samples] = await Promise.all([
    waitFor('an answer of the chain', ANSWER_MS_MAX, () => clientOf(testnet, living[0] ?? 1).chain()),
    ...living.map(async (node) => {
      const sample = await waitFor(`metrics of node ${node}`, ANSWER_MS_MAX, () => sampleNode(testnet, node));
      return [node, sample] as const;
    }),
  ]);
  return { from, place: { view, height }, samples: new Map(samples), machine };
}

/** Share of the offered rate that has to become final while it is offered. */
const SERVED_SHARE = 0.95;

/** Whether as much became final as was offered, a block more or less at the window's edges. */
export const serves = (figures: Pick<Figures, 'txPerSecond' | 'transactionsPerBlock' | 'seconds'>, rate: number) =>
  figures.txPerSecond + Math.max(1, figures.transactionsPerBlock) / figures.seconds >= SERVED_SHARE * rate;

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Figures of the time between two windows, over the nodes that lived in both; asked for when the load has drained. */
export function figuresOf(load: Load, { from, place, samples, machine }: Window, end: Window): Figures {
  const seconds = (end.from - from) / 1_000;
  const inside = (at: number): boolean => at >= from && at < end.from;
  const blocks = load.blocks.filter(({ at }) => inside(at));
  const finished = [...load.submissions.values()].filter(({ finalAt }) => finalAt !== null && inside(finalAt));
  // Whatever was handed in during the window counts, however late it became final.
  const latenciesMs = [...load.submissions.values()]
    .filter(({ submittedAt }) => inside(submittedAt))
    .flatMap(({ finalAt, submittedAt }) => (finalAt === null ? [] : [finalAt - submittedAt]));
  const pairs = [...end.samples].flatMap(([node, after]) => {
    const before = samples.get(node);
    return before ? [{ before, after }] : [];
  });
  const grown = (read: (sample: NodeSample) => number): number =>
    sumOf(pairs.map(({ before, after }) => read(after) - read(before)));
  const counter = (name: string) => (sample: NodeSample) => sample.metrics.get(`dao_gov_network_${name}_total`) ?? 0;
  const perBlock = (total: number): number => total / Math.max(1, pairs.length * blocks.length);
  const finality = pairs
    .map(({ before, after }) =>
      combine(histogramOf(after.metrics, FINALITY), histogramOf(before.metrics, FINALITY), -1),
    )
    .reduce<Histogram>((all, one) => combine(all, one, 1), []);
  const cpuSeconds = grown((sample) => sample.cpuSeconds);
  const messages = grown(counter('messages_sent'));
  const ownSeconds = end.machine.ownSeconds - machine.ownSeconds;
  const busySeconds = end.machine.busySeconds - machine.busySeconds;
  return {
    seconds,
    blocks: blocks.length,
    blocksPerSecond: blocks.length / seconds,
    txPerSecond: finished.length / seconds,
    transactionsPerBlock: finished.length / Math.max(1, blocks.length),
    viewsPerBlock: (end.place.view - place.view) / Math.max(1, end.place.height - place.height),
    finalityMs: histogramPercentiles(finality),
    finalitySamples: samplesIn(finality),
    submitToFinalMs: percentilesOf(latenciesMs),
    latenciesMs,
    messagesPerBlockTotal: messages / Math.max(1, blocks.length),
    messagesPerBlock: perBlock(messages),
    bytesPerBlock: perBlock(grown(counter('bytes_sent'))),
    cpuMsPerBlock: perBlock(cpuSeconds * 1_000),
    cores: cpuSeconds / seconds,
    loadCores: ownSeconds / seconds,
    otherCores: Math.max(0, busySeconds - cpuSeconds - ownSeconds) / seconds,
    nodes: pairs.length,
    residentMibMax: Math.max(...pairs.map(({ after }) => after.residentMib)),
  };
}
