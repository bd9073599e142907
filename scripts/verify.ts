/** `npm run verify`: verifies an audit bundle offline. Exit 0: it holds; 1: it does not; 2: asked wrongly, or unreadable. */
import { Command, Option } from 'commander';
import { fail, printJson } from './lib/output.ts';
import { type Language, reportJson, reportText } from './verify/report.ts';
import { UnreadableFileError, verifyFile } from './verify/verify-file.ts';

const HELP = `
What it needs: the bundle of one incident (from a node: /api/incidents/INC-0001/bundle, or saved by npm start) and the
genesis file of the network. Get the genesis file from somewhere you trust, not from whoever hands you the bundle:
everything is proven from it. No network is used, and no node is asked.

The bundle file is canonical JSON: changing, adding or removing any byte of it fails, and the step that noticed is named.
Save it as it came (curl -o), without reformatting.

Exit codes: 0 the bundle holds; 1 it does not; 2 wrong usage, or a file that cannot be read.

Examples:
  npm run verify -- INC-0001.json --genesis genesis.json
  npm run verify -- INC-0001.json --genesis genesis.json --language zh
  npm run verify -- INC-0001.json --genesis genesis.json --json | tail -n 1`;

interface Options {
  readonly genesis: string;
  readonly language: Language;
  readonly json?: true;
}

const program = new Command('verify')
  .description('Verifies an audit bundle offline, with nothing but the genesis file, and prints its judgment.')
  .argument('<bundle>', 'the audit bundle of one incident')
  .requiredOption('--genesis <file>', 'the genesis file of the network, your own copy')
  .addOption(
    new Option('--language <language>', 'language of the judgment').choices(['en', 'zh', 'both']).default('both'),
  )
  .option('--json', 'the result as one JSON object on the last line: {ok, steps: [{step, ok}], failedStep?}')
  .addHelpText('after', HELP)
  .showHelpAfterError('(npm run verify -- --help explains the arguments)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program.action(async (bundle: string, { genesis, language, json }: Options) => {
  try {
    const report = await verifyFile(bundle, genesis);
    process.stdout.write(`${reportText(report, language)}\n`);
    if (json) printJson(reportJson(report));
    process.exitCode = report.ok ? 0 : 1;
  } catch (error) {
    fail(error, error instanceof UnreadableFileError ? 2 : 1);
  }
});
await program.parseAsync();
