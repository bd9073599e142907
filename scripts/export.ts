/** `npm run export`: a whole table of a chain as a file. Exit 0: complete; 1: it failed; 2: asked wrongly. */
import { once } from 'node:events';
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { downloadExport, type FileFormat, FORMATS, TABLES, type TableName } from './export/download.ts';
import { dim, fail, green, printJson, say } from './lib/output.ts';

const HELP = `
What comes out: every final block from 0 on, or every transaction, event or settlement in them, the oldest first. A
settlement is whatever moved tokens or reputation (rewards, fines, slashed and released stakes, reboots, transfers, bonds):
one row an account, "change" being what it has more or less. Gas is in the transactions ("fee").

CSV is RFC 4180 with a heading, in UTF-8; arguments and event data are JSON texts in it; texts that a spreadsheet would take
for a formula begin with an apostrophe. JSON is one array, a row a line; ndjson is a row a line and nothing else. The file
appears under its name when it is complete. The same is at /api/export/TABLE.FORMAT of every node, in parts.

Examples:
  npm run export -- --what settlements --out settlements.csv
  npm run export -- --what events --format json --out events.json --from 100 --to 200
  npm run export -- --url http://127.0.0.1:4003 --what blocks > blocks.csv`;

interface Options {
  readonly url: string;
  readonly what: TableName;
  readonly format?: FileFormat;
  readonly from?: number;
  readonly to?: number;
  readonly out?: string;
  readonly json?: true;
}

function height(text: string): number {
  const value = Number(text);
  if (text !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('a height: a whole number from 0 on');
}

function address(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('the URL of a node, such as http://127.0.0.1:4001');
}

/** By the name of the file, unless it was said. */
const formatOf = ({ format, out }: Options): FileFormat =>
  format ?? FORMATS.find((one) => out?.endsWith(`.${one}`)) ?? 'csv';

async function genesisOf(url: string): Promise<string> {
  const response = await fetch(new URL('/api/chain', url)).catch((error: unknown) => {
    throw new Error(`${url} does not answer`, { cause: error });
  });
  return ((await response.json()) as { readonly genesisHash: string }).genesisHash;
}

const program = new Command('export')
  .description('Writes all blocks, transactions, events or settlements of a chain as CSV or JSON.')
  .option('--url <url>', 'a node', address, 'http://127.0.0.1:4001')
  .addOption(new Option('--what <table>', 'which table').choices([...TABLES]).makeOptionMandatory())
  .addOption(new Option('--format <format>', 'of the file (by its name, or csv)').choices([...FORMATS]))
  .option('--from <height>', 'the first block', height)
  .option('--to <height>', 'the last block', height)
  .option('--out <file>', 'the file; standard output where it is absent')
  .option('--json', 'with --out: the result as one JSON object on the last line')
  .addHelpText('after', HELP)
  .showHelpAfterError('(npm run export -- --help explains the arguments)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program.action(async (options: Options) => {
  const { url, what, from, to, out, json } = options;
  const format = formatOf(options);
  const part = out === undefined ? undefined : `${out}.part`;
  try {
    if (part) mkdirSync(dirname(resolve(part)), { recursive: true });
    const sink = part ? createWriteStream(part) : process.stdout;
    const broken = once(sink, 'error').then(([error]) => {
      throw error;
    });
    // A disk that is full, or a reader that went away, is told by whichever write comes next.
    broken.catch(() => undefined);
    const write = async (text: string): Promise<void> => {
      if (!sink.write(text)) await Promise.race([once(sink, 'drain'), broken]);
    };
    const genesis = await genesisOf(url);
    const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const { rows, parts } = await downloadExport({ url, what, format, ...range, write, fetch });
    if ((await genesisOf(url)) !== genesis) throw new Error('the chain was reset meanwhile: export it again');
    if (part === undefined || out === undefined) return;
    sink.end();
    await Promise.race([once(sink, 'finish'), broken]);
    renameSync(part, out);
    say(`${green('exported')} ${rows} ${what} to ${out} ${dim(`(${parts} part${parts === 1 ? '' : 's'})`)}`);
    if (json) printJson({ ok: true, what, format, rows, parts, file: out });
  } catch (error) {
    if (part) rmSync(part, { force: true });
    fail(error);
  }
});
await program.parseAsync();
