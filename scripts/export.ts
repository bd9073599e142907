/** `npm run export`: whole tables of the chain from one node, as files. Exit 0: written; 1: the node failed; 2: asked wrongly. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { fail, printJson, say } from './lib/output.ts';

const TABLES = ['blocks', 'transactions', 'events', 'settlements'] as const;
const FORMATS = ['csv', 'json'] as const;

interface Options {
  readonly what: (typeof TABLES)[number];
  readonly out: string;
  readonly url: string;
  readonly format?: (typeof FORMATS)[number];
  readonly from?: number;
  readonly to?: number;
  readonly json?: true;
}

const HELP = `
blocks        headers with their roots, and who signed
transactions  as they were signed, with status, gas and the reason of a failure
events        what contracts and the chain announced, with their data
settlements   rewards, rebates, penalties, stakes, slashes, burns and reputation: who, how much, why, in which incident

Final blocks only, the oldest first. The file appears when it is whole. CSV is RFC 4180; a text that a spreadsheet would
take for a formula has an apostrophe before it, and lists and objects stand as JSON. The same tables are at
GET /api/export/TABLE.csv and .json of every node.

Examples:
  npm run export -- --what settlements --out settlements.csv
  npm run export -- --what events --out events.json --from 1000 --to 2000
  npm run export -- --what blocks --out blocks.csv --url http://127.0.0.1:4003`;

function heightOf(text: string): number {
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw new InvalidArgumentError('a height is a whole number from 0');
  return Number(text);
}

/** What the node says of its refusal. */
async function refusalOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as { readonly code?: string; readonly detail?: string };
  return `${response.status} ${problem.code ?? ''} ${problem.detail ?? ''}`.trim();
}

async function run({ what, out, url, format, from, to, json }: Options): Promise<void> {
  const ending = extname(out).slice(1);
  const chosen = format ?? FORMATS.find((one) => one === ending);
  if (!chosen) fail(`--format is needed: ${out} ends neither in .csv nor in .json`, 2);
  const source = new URL(`/api/export/${what}.${chosen}`, url);
  if (from !== undefined) source.searchParams.set('from', String(from));
  if (to !== undefined) source.searchParams.set('to', String(to));
  const response = await fetch(source).catch(() => fail(`no node answers at ${url}: npm run testnet -- status`));
  if (!response.ok || !response.body)
    fail(`the node refused: ${await refusalOf(response)}`, response.status < 500 ? 2 : 1);
  const file = resolve(out);
  const making = `${file}.part`;
  const target = createWriteStream(making);
  try {
    await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), target);
    await rename(making, file);
  } catch (error) {
    await rm(making, { force: true });
    fail(`nothing was written: ${error instanceof Error ? error.message : String(error)}`);
  }
  say(`${what} written to ${out}: ${target.bytesWritten} bytes`);
  if (json) printJson({ what, format: chosen, file, bytes: target.bytesWritten });
}

const program = new Command('export')
  .description('Writes all blocks, transactions, events or settlements of a chain to a file.')
  .addOption(new Option('--what <table>', 'which table').choices([...TABLES]).makeOptionMandatory())
  .requiredOption('--out <file>', 'the file to write')
  .option('--url <gateway>', 'gateway of a node', 'http://127.0.0.1:4001')
  .addOption(new Option('--format <format>', 'by default, the ending of the file').choices([...FORMATS]))
  .option('--from <height>', 'first block', heightOf)
  .option('--to <height>', 'last block', heightOf)
  .option('--json', 'the result as one JSON object on the last line')
  .addHelpText('after', HELP)
  .showHelpAfterError('(npm run export -- --help explains the arguments)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program.action(run);
await program.parseAsync();
