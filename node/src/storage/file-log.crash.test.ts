import { describe, expect, test } from 'vitest';
import type { WriteAheadLog } from '../ports/store.ts';
import { silentTelemetry } from '../ports/telemetry.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { ForgetfulFiles } from '../testing/crash/forgetful-files.ts';
import { type Random, seededRandom } from '../testing/random.ts';
import { openFileLog } from './index.ts';

const SEEDS = 2_000;
const LIVES = 4;
/** Generous: a busy machine may be ten times slower. */
const TIMEOUT_MS = 120_000;
const PATH = '/data/consensus.log';

/** What a caller knows of the log: the records that were acknowledged, and those that may be there or not. */
class Expectation {
  private contents: readonly (readonly string[])[] = [[]];

  /** The call was made: from here on a crash may leave what was there or any later content. */
  begun(change: (content: readonly string[]) => readonly string[]): void {
    this.contents = [...this.contents, change(this.contents.at(-1) ?? [])];
  }

  acknowledged(): void {
    this.contents = this.contents.slice(-1);
  }

  found(content: readonly string[]): void {
    const texts = this.contents.map((one) => one.join(' '));
    expect(texts).toContain(content.join(' '));
    this.contents = [content];
  }
}

const textsOf = async (log: WriteAheadLog) => (await log.replay()).map((bytes) => new TextDecoder().decode(bytes));

/** Records of up to a few sectors, so that a torn write loses parts of one and of several. */
const record = (random: Random, number: number): string =>
  `${number}:${'x'.repeat(random.chance(0.3) ? random.below(2_000) : random.below(60))}`;

/** One life: some work that is acknowledged, then work that the crash interrupts anywhere. */
async function live(log: WriteAheadLog, random: Random, expected: Expectation, crash: () => void): Promise<void> {
  const operations = 1 + random.below(8);
  for (let operation = 0; operation < operations; operation += 1) {
    const last = operation === operations - 1;
    const texts = Array.from({ length: 1 + random.below(4) }, (_, index) => record(random, operation * 10 + index));
    const rewrites = random.chance(0.3);
    expected.begun((content) => (rewrites ? texts : [...content, ...texts]));
    const work = rewrites ? log.rewrite(texts.map(utf8Bytes)) : log.append(texts.map(utf8Bytes));
    let done = false;
    void work.then(() => {
      done = true;
    });
    const turns = last ? random.below(12) : Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < turns && !done; turn += 1) await Promise.resolve();
    if (done) expected.acknowledged();
  }
  crash();
}

describe('the file log on a disk that forgets what was not synced', () => {
  test(`${SEEDS} seeds: nothing acknowledged is lost, nothing unfinished is half there`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    let torn = 0;
    const telemetry = { ...silentTelemetry, log: () => torn++ };
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = seededRandom(seed);
      const disk = new ForgetfulFiles({ random });
      const expected = new Expectation();
      try {
        for (let life = 0; life < LIVES; life += 1) {
          const log = await openFileLog(PATH, { files: disk.files(), telemetry });
          expected.found(await textsOf(log));
          await live(log, random, expected, () => disk.crash());
        }
        expected.found(await textsOf(await openFileLog(PATH, { files: disk.files(), telemetry })));
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    expect(torn).toBeGreaterThan(SEEDS / 10);
  });
});
