/** `npm run verify`: verifies an audit bundle offline. Exit 0: it holds; 1: it does not; 2: asked wrongly, or unreadable. */
import { writeFile } from 'node:fs/promises';
import type { AuditReport } from '@dao-gov/node/audit';
import { Command, Option } from 'commander';
import { fail, printJson, say } from './lib/output.ts';
import { judgmentPage } from './verify/judgment-page.ts';
import { type Language, reportJson, reportText, stepsText } from './verify/report.ts';
import { UnreadableFileError, verifyFile } from './verify/verify-file.ts';

const HELP = `
What it needs: the bundle of one incident (from a node: /api/incidents/INC-0001/bundle, or saved by npm start) and the
genesis file of the network. Get the genesis file from somewhere you trust, not from whoever hands you the bundle:
everything is proven from it. No network is used, and no node is asked.

The bundle file is canonical JSON: changing, adding or removing any byte of it fails, and the step that noticed is named.
Save it as it came (curl -o), without reformatting.

With --judgment, standard output (or --out) is the judgment of a bundle that holds and nothing else: as text in one
language, or as one printable page in both; the checks are told on standard error. A bundle that fails has no judgment.

Exit codes: 0 the bundle holds; 1 it does not; 2 wrong usage, or a file that cannot be read.

Examples:
  npm run verify -- INC-0001.json --genesis genesis.json
  npm run verify -- INC-0001.json --genesis genesis.json --language zh
  npm run verify -- INC-0001.json --genesis genesis.json --judgment zh > judgment.txt
  npm run verify -- INC-0001.json --genesis genesis.json --judgment html --out judgment.html
  npm run verify -- INC-0001.json --genesis genesis.json --json | tail -n 1`;

interface Options {
  readonly genesis: string;
  readonly language: Language;
  readonly judgment?: 'zh' | 'en' | 'html';
  readonly out?: string;
  readonly json?: true;
}

const judgmentOf = (kind: 'zh' | 'en' | 'html', report: AuditReport): string | undefined => {
  const { verdict } = report;
  if (verdict === undefined) return undefined;
  return kind === 'html' ? judgmentPage({ ...report, verdict }) : `${verdict.judgment[kind]}\n`;
};

/** The checks to people, the judgment to where it was wanted. */
async function deliver(kind: 'zh' | 'en' | 'html', report: AuditReport, out: string | undefined): Promise<void> {
  say(stepsText(report));
  const judgment = judgmentOf(kind, report);
  if (judgment === undefined) return;
  if (out === undefined) process.stdout.write(judgment);
  else await writeFile(out, judgment);
}

const program = new Command('verify')
  .description('Verifies an audit bundle offline, with nothing but the genesis file, and prints its judgment.')
  .argument('<bundle>', 'the audit bundle of one incident')
  .requiredOption('--genesis <file>', 'the genesis file of the network, your own copy')
  .addOption(
    new Option('--language <language>', 'language of the judgment').choices(['en', 'zh', 'both']).default('both'),
  )
  .addOption(
    new Option('--judgment <form>', 'the judgment alone: text in one language, or a page').choices([
      'zh',
      'en',
      'html',
    ]),
  )
  .option('--out <file>', 'with --judgment: the file to write it to')
  .option('--json', 'the result as one JSON object on the last line: {ok, steps: [{step, ok}], failedStep?, seconds}')
  .addHelpText('after', HELP)
  .showHelpAfterError('(npm run verify -- --help explains the arguments)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program.action(async (bundle: string, { genesis, language, judgment, out, json }: Options) => {
  if (out !== undefined && judgment === undefined) fail('--out is where --judgment goes: say which one', 2);
  try {
    const { seconds, ...report } = await verifyFile(bundle, genesis);
    if (judgment === undefined) process.stdout.write(`${reportText(report, language)}\n`);
    else await deliver(judgment, report, out);
    if (json) printJson({ ...reportJson(report), seconds });
    process.exitCode = report.ok ? 0 : 1;
  } catch (error) {
    fail(error, error instanceof UnreadableFileError ? 2 : 1);
  }
});
await program.parseAsync();
