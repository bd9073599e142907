/** `npm run bench -- --sweep`: networks of several sizes at several rates, each beside its own floor. */
import { dim, printJson, red, say, table } from '../lib/output.ts';
import { measureFloor, NO_FLOOR } from './floor.ts';
import { ratioOf, type Sample, SWEEP_HEAD, sampleJson, sweepRow } from './report.ts';
import { savePage } from './save-page.ts';
import { type Measured, Session } from './session.ts';
import { percentilesOf } from './statistics.ts';
import { type CostPoint, costPage, growthNote } from './sweep-plot.ts';

export interface SweepOptions {
  readonly validators: readonly number[];
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly payload: number;
  readonly timers: number;
  readonly json?: boolean;
}

const pointOf = ({ validators, rate, figures, floor }: Sample): CostPoint => ({
  ...{ validators, rate, txPerSecond: figures.txPerSecond, blocksPerSecond: figures.blocksPerSecond },
  ...{
    floorMs: percentilesOf(floor.allMs).p50,
    finalityMs: figures.finalityMs,
    submitToFinalMs: figures.submitToFinalMs,
  },
  ...{ messagesPerBlock: figures.messagesPerBlockTotal, bytesPerBlock: figures.bytesPerBlock * figures.nodes },
  cpuMsPerBlock: figures.cpuMsPerBlock,
});

/** All rates of one size, from the lowest; those above one that was too much are left out. */
async function measureSize(
  validators: number,
  { rates, seconds, payload, timers }: SweepOptions,
): Promise<readonly Sample[]> {
  const session = await Session.open({ validators, payloadBytes: payload, timers });
  const measured: { readonly rate: number; readonly of: Measured }[] = [];
  for (const rate of rates) {
    say(`${validators} validators, ${rate} tx/s: measuring ${seconds} s …`);
    const of = await session.measure(rate, seconds);
    measured.push({ rate, of });
    const { finalityMs, submitToFinalMs, txPerSecond } = of.figures;
    say(
      dim(
        `  propose to final ${finalityMs.p50.toFixed(1)} ms, submit to final ${submitToFinalMs.p50.toFixed(1)} ms, ${txPerSecond.toFixed(1)} tx/s`,
      ),
    );
    if (!of.keptUp) {
      say(dim(`  more than ${validators} validators take here: higher rates are left out`));
      break;
    }
  }
  await session.close();
  say(dim(`${validators} validators: floor …`));
  const floors = await measureFloor(
    session.folder.path,
    validators,
    measured.map(({ of }) => of.sizes),
  );
  session.folder.remove();
  return measured.map(({ rate, of }, index) => ({
    ...{ ...of, validators, rate },
    floor: floors[index] ?? NO_FLOOR,
  }));
}

/** @returns whether every size was measured */
export async function runSweep(options: SweepOptions): Promise<boolean> {
  const samples: Sample[] = [];
  const sorted = { ...options, rates: [...options.rates].sort((a, b) => a - b) };
  let failed = 0;
  for (const validators of options.validators) {
    try {
      samples.push(...(await measureSize(validators, sorted)));
    } catch (error) {
      failed += 1;
      say(`${red('error')} ${validators} validators: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const rows = [SWEEP_HEAD, ...samples.map(sweepRow)];
  process.stdout.write(`${table(rows)}\n`);
  const notes = growthNote(samples.map(pointOf));
  for (const note of notes) process.stdout.write(`${note}\n`);
  const worst = samples.filter((sample) => sample.keptUp).sort((a, b) => ratioOf(b) - ratioOf(a))[0];
  if (worst)
    process.stdout.write(
      `Largest ratio to the floor: ${ratioOf(worst).toFixed(2)}, ${worst.validators} validators at ${worst.rate} tx/s.\n`,
    );
  say(`plot: ${savePage('sweep', costPage('How cost grows', samples.map(pointOf), rows, notes))}`);
  if (options.json) printJson(samples.map(sampleJson));
  return failed === 0 && samples.every(({ figures, unfinished }) => figures.blocks > 0 && unfinished === 0);
}
