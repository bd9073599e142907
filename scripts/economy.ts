/** `npm run economy`: do reputation and balance tell skill? Exit 0: they order the agents; 1: they do not; 2: asked wrongly. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { economySvg, LARGE_STAKE, summarise, summaryRows } from './economy/report.ts';
import { simulateEconomy } from './economy/simulate.ts';
import { dim, fail, green, printJson, red, say, table } from './lib/output.ts';

const HELP = `
What is played: incidents one after the other, through the real contracts, with the test network's parameters. Seven agents
make claims in turn, stake by how sure they are, vote sealed, measure the outcome where that is possible, and challenge
where it is not and they are sure of something else. Their skill is the probability of naming the right root cause:

  expert, senior, practised, novice   say how sure they are, and rightly so; below 65 % they rather abstain than oppose
  overconfident                       as good as the novice, and always certain: stakes what the rules let it
  all-in guesser                      always names the usual suspect (right in 308 of 1,000), and stakes what it may
  copier                              claims what was accepted last and supports every claim

What is told: balance and stake at the end less the grants of bankruptcies, reputation over all incidents, what a claim was
worth to its proposer, and Spearman's rank correlation of each with skill. Expected: a correlation of at least 0.7 by the
means over the seeds, and a loss, with its 95 % interval below zero, for claims of the guesser with ${LARGE_STAKE} or more at stake.

Examples:
  npm run economy -- --incidents 200 --seeds 20
  npm run economy -- --incidents 100 --seed 3 --out economy.svg
  npm run economy -- --seeds 2 --json | tail -n 1`;

/** What reputation and tokens must at least have to do with skill. */
const CORRELATION_MIN = 0.7;

interface Options {
  readonly incidents: number;
  readonly seed: number;
  readonly seeds: number;
  readonly out?: string;
  readonly json?: true;
}

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
  };

const program = new Command('economy')
  .description('Plays many incidents with agents of different skill, and tells what the token economy makes of them.')
  .option('--incidents <count>', 'how many incidents a seed plays', wholeNumber(1, 100_000), 100)
  .option('--seed <seed>', 'the first seed', wholeNumber(0, 0xffff_ffff), 1)
  .option('--seeds <count>', 'how many seeds', wholeNumber(1, 10_000), 10)
  .option('--out <file.svg>', 'a plot of the first seed')
  .option('--json', 'the result as one JSON object on the last line')
  .addHelpText('after', HELP)
  .showHelpAfterError('(npm run economy -- --help explains the arguments)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program.action(({ incidents, seed, seeds, out, json }: Options) => {
  try {
    const results = Array.from({ length: seeds }, (_, index) => {
      const result = simulateEconomy({ incidents, seed: seed + index });
      say(dim(`seed ${result.seed}: ${result.finalized} of ${incidents} incidents finalized`));
      if (index === 0 && out !== undefined) {
        mkdirSync(dirname(resolve(out)), { recursive: true });
        writeFileSync(out, economySvg(result));
      }
      return result;
    });
    const summary = summarise(results);
    process.stdout.write(`${table(summaryRows(summary))}\n\n`);
    const { finalized, overturned, wrongAccepted, skillWithTokens, skillWithReputation, allIn } = summary;
    process.stdout.write(
      `${finalized} of ${summary.incidents} incidents finalized, ${wrongAccepted} with a wrong cause; ${overturned} claims overturned\n` +
        `rank correlation with skill: tokens ${skillWithTokens.toFixed(2)}, reputation ${skillWithReputation.toFixed(2)} (least of a seed ${summary.leastSkillWithTokens.toFixed(2)}, ${summary.leastSkillWithReputation.toFixed(2)})\n` +
        `a guess with ${LARGE_STAKE} or more at stake: ${Math.round(allIn.net)} +- ${Math.round(allIn.error)} tokens over ${allIn.claims} claims\n`,
    );
    const ordered = Math.min(skillWithTokens, skillWithReputation) >= CORRELATION_MIN;
    const loses = allIn.net + allIn.error < 0;
    const verdict = `skill ${ordered ? 'orders' : 'does not order'} the agents; staking everything on guesses ${loses ? 'loses' : 'was not shown to lose'}`;
    process.stdout.write(`${ordered && loses ? green(verdict) : red(verdict)}\n`);
    if (json) printJson({ ok: ordered && loses, seed, ...summary });
    process.exitCode = ordered && loses ? 0 : 1;
  } catch (error) {
    fail(error);
  }
});
program.parse();
