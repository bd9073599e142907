/** `npm run bench -- --saturate`: the highest rate of transfers that the chain sustains, and what keeps it from more. */
import { bold, dim, green, printJson, red, say, table } from '../lib/output.ts';
import { FROM_SOURCES } from '../testnet/program.ts';
import { measureFloor, NO_FLOOR } from './floor.ts';
import { type Limit, limitOf } from './limit.ts';
import { CORES } from './machine.ts';
import type { Figures } from './measure.ts';
import { plotHtml } from './plot.ts';
import { type Breakdown, breakdownOf, INSPECTABLE, profileNode } from './profile.ts';
import { type Sample, sampleJson, sampleRows } from './report.ts';
import { savePage } from './save-page.ts';
import { highestThatHolds } from './search.ts';
import { type Measured, Session } from './session.ts';

export interface SaturateOptions {
  readonly validators: number;
  readonly seconds: number;
  readonly from: number;
  readonly payload: number;
  readonly timers: number;
  readonly json?: boolean;
}

/** A rate is sustained when its slowest hundredth is faster than this, in milliseconds. */
const P99_MS_MAX = 2_000;
const RATE_MOST = 5_000;
const PRECISION = 0.08;
/** The node that is profiled: not the one that the load listens to. */
const PROFILED = 2;
const PROFILE_MS = 5_000;
const PARTS_SHOWN = 12;

interface Step {
  readonly rate: number;
  readonly holds: boolean;
  readonly measured: Measured;
}

const holdsAt = ({ figures, keptUp }: Measured): boolean => keptUp && figures.submitToFinalMs.p99 < P99_MS_MAX;

function tell({ rate, holds, measured: { figures } }: Step): void {
  const { txPerSecond, submitToFinalMs, blocksPerSecond, cores, loadCores, otherCores } = figures;
  say(
    `${rate.toFixed(0).padStart(5)} tx/s offered: ${txPerSecond.toFixed(1)} final, ${blocksPerSecond.toFixed(1)} blocks/s, ` +
      `submit to final p50 ${submitToFinalMs.p50.toFixed(0)} p99 ${submitToFinalMs.p99.toFixed(0)} ms, ` +
      `cores: nodes ${cores.toFixed(2)} load ${loadCores.toFixed(2)} others ${otherCores.toFixed(2)} ` +
      `${holds ? green('holds') : red('too much')}`,
  );
}

/** The same rate once more, with one node looked into. */
async function profileAt(session: Session, rate: number): Promise<Breakdown | null> {
  try {
    say(dim(`profiling node ${PROFILED} at ${rate.toFixed(0)} tx/s …`));
    await session.warmUp(rate, PROFILE_MS / 1_000 + 1);
    return breakdownOf(await profileNode(session.testnet, PROFILED, PROFILE_MS));
  } catch (error) {
    say(dim(`no profile: ${error instanceof Error ? error.message : String(error)}`));
    return null;
  } finally {
    await session.drain();
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function profileTable({ busy, rooms, functions }: Breakdown): string {
  const rows = Array.from({ length: PARTS_SHOWN }, (_, index) => {
    const [room, own] = [rooms[index], functions[index]];
    return [room?.name ?? '', room ? percent(room.share) : '', own?.name ?? '', own ? percent(own.share) : ''];
  });
  return `one node's thread, busy in ${percent(busy)} of what was sampled of it, of which\n${table([['in', 'share', 'function', 'share'], ...rows])}`;
}

const firstParts = ({ busy, rooms, functions }: Breakdown) => ({
  busy: Number(busy.toFixed(3)),
  rooms: rooms.slice(0, PARTS_SHOWN).map(({ name, share }) => ({ name, share: Number(share.toFixed(3)) })),
  functions: functions.slice(0, PARTS_SHOWN).map(({ name, share }) => ({ name, share: Number(share.toFixed(3)) })),
});

/**
 * Load before the search, as a share of the first rate, and its seconds. A node that has just started spends a good part
 * of its time on compiling what it runs; one that has been busy for a while has that behind it.
 */
const WARM_SHARE = 0.5;
const WARM_SECONDS = 20;

/** A rate counts as too much when it was so twice: a moment of something else on the machine must not end the search. */
const TRIES = 2;

async function searchIn(session: Session, { from, seconds }: SaturateOptions): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const once = async (rate: number): Promise<boolean> => {
    const measured = await session.measure(rate, seconds);
    const step = { rate, measured, holds: holdsAt(measured) };
    steps.push(step);
    tell(step);
    return step.holds;
  };
  await highestThatHolds({ from, most: RATE_MOST, precision: PRECISION }, async (rate) => {
    for (let tried = 0; tried < TRIES; tried += 1) if (await once(rate)) return true;
    return false;
  });
  return steps;
}

/** What the first rate that was too much ran into; the best one that held, where all did. */
function limitFound(steps: readonly Step[]): Limit {
  const lowest = (some: readonly Step[]): Step | undefined => [...some].sort((a, b) => a.rate - b.rate)[0];
  const figures: Figures | undefined = (lowest(steps.filter(({ holds }) => !holds)) ?? steps.at(-1))?.measured.figures;
  return figures ? limitOf(figures, CORES) : { kind: 'waiting', says: 'nothing was measured' };
}

const stepJson = ({ rate, holds, measured: { figures } }: Step) => ({
  offeredTxPerSecond: Math.round(rate),
  holds,
  txPerSecond: Number(figures.txPerSecond.toFixed(1)),
  p99Ms: Math.round(figures.submitToFinalMs.p99),
});

/** @returns whether a rate was found that holds */
export async function runSaturate(options: SaturateOptions): Promise<boolean> {
  const { validators, payload, timers } = options;
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} ${INSPECTABLE}`.trim();
  // A profile names the rooms of the sources.
  process.env[FROM_SOURCES] = '1';
  const session = await Session.open({ validators, payloadBytes: payload, timers });
  say(`searching the highest rate with a submit-to-final p99 under ${P99_MS_MAX / 1_000} s …`);
  await session.measure(options.from * WARM_SHARE, WARM_SECONDS);
  const steps = await searchIn(session, options);
  const best = steps.filter(({ holds }) => holds).sort((a, b) => b.rate - a.rate)[0];
  const limit = limitFound(steps);
  const profile = best ? await profileAt(session, best.rate) : null;
  await session.close();
  if (!best) {
    say(red('no rate holds'));
    if (options.json) printJson({ validators, sustainedTxPerSecond: 0, limit, steps: steps.map(stepJson) });
    return false;
  }
  say(dim('floor …'));
  const [floor = NO_FLOOR] = await measureFloor(session.folder.path, validators, [best.measured.sizes]);
  const sample: Sample = { ...best.measured, validators, rate: Math.round(best.rate), floor };
  const rows = sampleRows(sample);
  const { figures } = sample;
  process.stdout.write(`${table(rows)}\n\n`);
  if (profile) process.stdout.write(`${profileTable(profile)}\n\n`);
  process.stdout.write(`${bold(`sustained: ${figures.txPerSecond.toFixed(0)} tx/s`)}, limited by ${limit.says}\n`);
  const plot = savePage(
    'saturate',
    plotHtml({
      ...{ title: `${validators} validators, ${sample.rate} tx/s sustained`, floorMs: floor.allMs, rows },
      ...{ finalityMs: figures.finalityMs, latenciesMs: figures.latenciesMs, killedAtSeconds: null },
      blocks: session.load.blocks.map(({ at, transactionCount }) => ({
        ...{ atSeconds: (at - session.begun) / 1_000, transactionCount },
      })),
      notes: [`Limited by ${limit.says}.`],
    }),
  );
  say(`plot: ${plot}`);
  if (options.json) {
    printJson({
      ...sampleJson(sample),
      ...{ sustainedTxPerSecond: Number(figures.txPerSecond.toFixed(1)), limit, steps: steps.map(stepJson), plot },
      ...(profile && { profile: firstParts(profile) }),
    });
  }
  return true;
}
