/** `npm run bench` as it is: one network at one rate, and on request what killing some of its nodes does. */
import { dim, printJson, red, say, table } from '../lib/output.ts';
import type { Testnet } from '../testnet/testnet.ts';
import { measureFloor, NO_FLOOR } from './floor.ts';
import { processorGrowth, recoveredAfterMs } from './kill.ts';
import type { Load } from './load.ts';
import { CORES } from './machine.ts';
import { type Figures, figuresOf, openWindow, serves, type Window } from './measure.ts';
import { plotHtml } from './plot.ts';
import { round, rounded, type Sample, sampleJson, sampleRows } from './report.ts';
import { savePage } from './save-page.ts';
import { pause, Session } from './session.ts';
import { longestGap } from './statistics.ts';

export interface SingleOptions {
  readonly validators: number;
  readonly seconds: number;
  readonly rate: number;
  readonly payload: number;
  readonly timers: number;
  readonly kill: number;
  readonly json?: boolean;
}

/** Share of the scaled rate before at which the chain counts as recovered. */
const RECOVERED_SHARE = 0.8;

interface Killed {
  readonly nodes: readonly number[];
  readonly at: number;
  readonly begin: Window;
  readonly end: Window;
}

/** Kills the last `count` nodes under load and measures as long again. */
async function killUnderLoad(
  { testnet, load }: { readonly testnet: Testnet; readonly load: Load },
  count: number,
  seconds: number,
): Promise<Killed> {
  const nodes = testnet.nodes.slice(-count);
  say(`killing nodes ${nodes.join(', ')} under load …`);
  const begin = await openWindow(testnet);
  for (const node of nodes) {
    load.setAway(node, true);
    testnet.signal(node, 'SIGKILL');
  }
  const at = performance.now();
  await pause(seconds * 1_000);
  return { nodes, at, begin: { ...begin, from: at }, end: await openWindow(testnet) };
}

interface KillEffect {
  readonly nodes: readonly number[];
  readonly before: Figures;
  readonly after: Figures;
  readonly longestStallMs: number;
  readonly recoveredMs: number | null;
  /** By how much the processor of a survivor grew. */
  readonly growth: number;
}

function effectOf(load: Load, { nodes, at, begin, end }: Killed, before: Figures, validators: number): KillEffect {
  const moments = load.blocks.map((block) => block.at);
  const growth = processorGrowth(validators, nodes.length, CORES);
  const target = before.blocksPerSecond * growth * RECOVERED_SHARE;
  const after = figuresOf(load, begin, end);
  return {
    ...{ nodes, before, after, growth },
    longestStallMs: longestGap(moments, at, end.from),
    recoveredMs: recoveredAfterMs(moments, { at, end: end.from, target }),
  };
}

const killJson = ({ nodes, before, after, longestStallMs, recoveredMs, growth }: KillEffect) => ({
  nodes,
  longestStallMs: Math.round(longestStallMs),
  ratioAfter: round(after.blocksPerSecond / before.blocksPerSecond / growth, 2),
  recoveredMs: recoveredMs === null ? null : Math.round(recoveredMs),
  processorGrowth: round(growth, 2),
  blocksRatio: round(after.blocksPerSecond / before.blocksPerSecond, 2),
  txRatio: round(after.txPerSecond / before.txPerSecond, 2),
  before: rounded({ blocksPerSecond: before.blocksPerSecond, txPerSecond: before.txPerSecond }),
  after: rounded({ blocksPerSecond: after.blocksPerSecond, txPerSecond: after.txPerSecond }),
  finalityMs: rounded(after.finalityMs),
});

function killRows({ before, after, longestStallMs, recoveredMs, growth }: KillEffect): string[][] {
  const ratio = (read: (figures: Figures) => number): string[] => [
    ...[read(before).toFixed(1), read(after).toFixed(1)],
    ...[(read(after) / read(before)).toFixed(2), (read(after) / read(before) / growth).toFixed(2)],
  ];
  return [
    ['figure', 'before', 'after', 'ratio', 'scaled'],
    ['blocks/s', ...ratio(({ blocksPerSecond }) => blocksPerSecond)],
    ['tx/s', ...ratio(({ txPerSecond }) => txPerSecond)],
    ['propose to final ms, p50', before.finalityMs.p50.toFixed(1), after.finalityMs.p50.toFixed(1), '', ''],
    ['longest stall ms', '', longestStallMs.toFixed(0), '', ''],
    ['recovered after ms', '', recoveredMs === null ? 'never' : recoveredMs.toFixed(0), '', ''],
  ];
}

const killNote = ({ growth }: KillEffect): string =>
  `Scaled: after / (before × ${growth.toFixed(2)}). A node of n on ${CORES} cores has min(1, ${CORES} / n) of a core, and the dead leave theirs. ` +
  `Recovered: from the first two seconds on whose blocks come at ${RECOVERED_SHARE * 100} % of the scaled rate before. The tx rate is what is offered, if the chain keeps up.`;

function save(
  session: Session,
  sample: Sample,
  rows: string[][],
  killedAt: number | null,
  notes: readonly string[],
): string {
  const { validators, rate, figures, floor } = sample;
  const since = (at: number): number => (at - session.begun) / 1_000;
  const data = {
    ...{ title: `${validators} validators, ${rate} tx/s offered`, floorMs: floor.allMs, rows, notes },
    ...{ finalityMs: figures.finalityMs, latenciesMs: figures.latenciesMs },
    blocks: session.load.blocks.map(({ at, transactionCount }) => ({ atSeconds: since(at), transactionCount })),
    killedAtSeconds: killedAt === null ? null : since(killedAt),
  };
  return savePage('bench', plotHtml(data));
}

/** @returns whether something was measured and everything accepted became final */
export async function runSingle(options: SingleOptions): Promise<boolean> {
  const { validators, seconds, rate, payload, kill, timers } = options;
  if (kill > Math.floor((validators - 1) / 3)) say(dim('more than a third is killed: expect a standstill'));
  const session = await Session.open({ validators, payloadBytes: payload, timers });
  const { load } = session;
  say(`load: ${rate} tx/s, warming up …`);
  const settled = await session.warmUp(rate, kill > 0 ? 2 * seconds : seconds);
  if (!settled) say(dim('more is offered than the chain takes: what follows is measured in overload'));
  say(`measuring ${seconds} s …`);
  const { begin, end } = await session.window(seconds);
  const killed = kill > 0 ? await killUnderLoad(session, kill, seconds) : undefined;
  const unfinished = await session.drain();
  const figures = figuresOf(load, begin, end);
  const effect = killed && effectOf(load, killed, figures, validators);
  await session.close();

  say('floor: the same processes, streams, signatures and log, without consensus …');
  const sizes = session.sizesAt(figures);
  const [floor = NO_FLOOR] = await measureFloor(session.folder.path, validators, [sizes]);
  const keptUp = settled && load.heldBack === 0 && unfinished === 0 && serves(figures, rate);
  const sample: Sample = { validators, rate, figures, floor, sizes, heldBack: load.heldBack, unfinished, keptUp };
  const rows = sampleRows(sample);
  process.stdout.write(`${table(rows)}\n`);
  if (effect) {
    process.stdout.write(`\nwith ${effect.nodes.length} of the nodes killed under load:\n${table(killRows(effect))}\n`);
    say(dim(killNote(effect)));
  }
  if (load.heldBack > 0) say(dim(`${load.heldBack} transactions were due and held back: the chain did not keep up`));
  for (const [code, count] of load.refusals) say(dim(`${count} submissions answered with ${code}, tried again`));
  if (unfinished > 0) say(red(`${unfinished} accepted transactions are not final`));
  const plot = save(session, sample, rows, killed?.at ?? null, effect ? [killNote(effect)] : []);
  say(`plot: ${plot}`);
  if (options.json) {
    printJson({ ...sampleJson(sample), payloadBytes: payload, plot, ...(effect && { kill: killJson(effect) }) });
  }
  return figures.blocks > 0 && unfinished === 0;
}
