/** `npm start`: seven nodes, one incident from alert to verdict, the explorer on every node. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCapture } from '@dao-gov/agent-runtime/telemetry';
import { evidenceSchema, type IncidentDetail, type Solution } from '@dao-gov/node/protocol';
import { Command } from 'commander';
import { ensureExplorer } from './lib/explorer.ts';
import { bold, dim, fail, green, printJson, red, say, table } from './lib/output.ts';
import { clientOf, waitFor, waitReady } from './testnet/api.ts';
import { followIncident } from './testnet/follow.ts';
import { NODES, ROOT, Testnet } from './testnet/testnet.ts';
import { verifyFile } from './verify/verify-file.ts';

interface Options {
  readonly capture: string;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly ports: 'default' | 'free';
  readonly dir: string;
  readonly reasoner: 'builtin' | 'openai';
}

/** A recorded incident in which seven services are late, and the one that departs farthest is not the cause. */
const SAMPLE = join(ROOT, 'data/slow-query-catalog-db-2');
/** Longest that an incident may take on a busy machine before this command gives up waiting for it. */
const INCIDENT_MS_MAX = 180_000;

const program = new Command('start')
  .description('Starts seven nodes, raises the alert of a capture, shows how the agents find its root cause, stays up.')
  .option('--capture <folder>', 'the incident: a capture folder (data/README.md)', SAMPLE)
  .option('--once', 'exit after the verdict, with the audit bundle verified')
  .option('--json', 'the result as one JSON object on the last line')
  .option('--ports <which>', '"default" (4001.., 4101..) or "free"', 'default')
  .option('--dir <folder>', 'folder of the network', join(ROOT, 'data/run/demo'))
  .option('--reasoner <name>', '"builtin" (no key, no network) or "openai"', 'builtin')
  .addHelpText(
    'after',
    '\nThe case of the report: npm start -- --capture data/report-train-buy\nCtrl-C ends all nodes. To operate a network by hand: npm run testnet -- --help',
  );

/** Ends the nodes when this process is told to end, and when it falls. */
function endWith(testnet: Testnet): void {
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      say('\nending all nodes …');
      void testnet.down().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    });
  }
  process.on('exit', () => testnet.killNow());
}

async function main(options: Options): Promise<void> {
  const folder = resolve(options.capture);
  const capture = await readCapture(folder);
  await ensureExplorer(say);
  const begun = Date.now();
  const testnet = await Testnet.up({
    directory: options.dir,
    captures: folder,
    attached: true,
    ports: options.ports,
    reasoner: options.reasoner,
  });
  endWith(testnet);
  say(bold('DAO-Gov AIOps') + dim('  seven agents, seven nodes, one chain'));
  await waitReady(testnet, NODES, (node, count) => say(`  ${green('ready')} node ${node} ${dim(`${count}/7`)}`));
  const readyAt = Date.now();
  say(`seven nodes ready in ${seconds(begun, readyAt)} s; explorer: ${bold(testnet.url(1))}\n`);

  const client = clientOf(testnet, 1);
  const { node, metric, atMs } = capture.alert;
  await client.raiseAlert({ node, metric, at: new Date(atMs).toISOString(), source: capture.id, title: capture.title });
  const incidentId = await waitFor('an open incident', INCIDENT_MS_MAX, async () => {
    return (await client.sopStatus()).incident?.incidentId;
  });
  const { incident, verdictAt } = await followIncident(client, incidentId, INCIDENT_MS_MAX, say);
  const solution = await solutionOf(client, incident);
  showVerdict(incident, solution);
  const bundle = await saveBundle(testnet, client, incidentId);
  const verified = await verifyFile(bundle, join(testnet.directory, 'genesis.json'));
  say(`\naudit bundle ${bundle}: ${verified.ok ? green('verified offline') : red(`fails at ${verified.failedStep}`)}`);
  say(dim(`  npm run verify -- ${bundle} --genesis ${join(testnet.directory, 'genesis.json')}`));
  await showRewards(client);
  say('\nexplorers:');
  for (const one of NODES) say(`  node ${one}  ${testnet.url(one)}`);
  const info = await client.chain();
  const result = {
    state: incident.state,
    rootCause: incident.rootCause,
    faultKind: incident.faultKind,
    incidentId,
    nodes: NODES.length,
    height: info.height,
    transactions: await countTransactions(client),
    bundle,
    bundleVerified: verified.ok,
    secondsToVerdict: Number(seconds(readyAt, verdictAt)),
    explorers: NODES.map((one) => testnet.url(one)),
  };
  if (options.once) await testnet.down();
  if (options.json) printJson(result);
  if (options.once) process.exit(verified.ok && incident.rootCause !== '' ? 0 : 1);
  say(dim('\nCtrl-C ends all nodes.'));
}

const seconds = (fromMs: number, toMs: number): string => ((toMs - fromMs) / 1_000).toFixed(1);

async function solutionOf(
  client: ReturnType<typeof clientOf>,
  incident: IncidentDetail,
): Promise<Solution | undefined> {
  const hashes = incident.steps.find(({ step }) => step === 'submit_solution')?.evidence ?? [];
  for (const hash of hashes) {
    const evidence = evidenceSchema.safeParse(JSON.parse(await client.evidenceText(hash)));
    if (evidence.success && evidence.data.kind === 'solution') return evidence.data;
  }
  return undefined;
}

function showVerdict(incident: IncidentDetail, solution: Solution | undefined): void {
  const proposal = incident.proposals.find(({ status }) => status === 'passed');
  say(`\n${bold('VERDICT')}  ${incident.incidentId}  ${incident.state}`);
  if (!proposal) {
    say('  no root cause was agreed on');
    return;
  }
  say(`  root cause  ${bold(incident.rootCause)} (${incident.faultKind}), claimed by ${proposal.proposer.name}`);
  say(`  reason      ${proposal.reason.en}`);
  say(
    `  support     ${(proposal.supportThousandths ?? 0) / 10} % of the weight that took a side, > ${proposal.alpha / 10} % needed`,
  );
  for (const { voter, option, weight, status } of proposal.votes) {
    say(`    ${voter.name.padEnd(20)} ${(option ?? status).padEnd(8)} weight ${(weight / 1_000).toFixed(2)}`);
  }
  if (!solution) return;
  say(`\n${bold('REPAIR')}`);
  for (const step of solution.steps) {
    say(`  ${step.stepId}. ${step.action.en} ${dim(`[${step.risk}${step.needsApproval ? ', needs approval' : ''}]`)}`);
    say(`     ${step.description.en}`);
    say(dim(`     check: ${step.check.en}`));
  }
}

/** Who was paid and fined for this incident, and where everybody stands; gas is what else moved a balance. */
async function showRewards(client: ReturnType<typeof clientOf>): Promise<void> {
  const { agents, treasury, genesisBalance } = await client.economics();
  const earned = await earnings(client);
  const signed = (amount: number): string => `${amount > 0 ? '+' : ''}${amount.toLocaleString('en')}`;
  const rows = agents.map(({ rank, party, balance, stake, reputation }) => {
    const net = balance + stake - genesisBalance;
    const paid = earned.get(party.address) ?? 0;
    return [
      String(rank),
      party.name,
      balance.toLocaleString('en'),
      String(stake),
      String(reputation),
      signed(paid),
      signed(net - paid),
    ];
  });
  say(`\n${table([['rank', 'agent', 'balance', 'stake', 'reputation', 'rewards', 'gas'], ...rows])}`);
  say(dim(`treasury ${treasury.balance.toLocaleString('en')}, escrow ${treasury.escrow}, burned ${treasury.burned}`));
}

/** Rewards, bounties and rebates less penalties, by address. */
async function earnings(client: ReturnType<typeof clientOf>): Promise<ReadonlyMap<string, number>> {
  const earned = new Map<string, number>();
  const add = (to: unknown, amount: unknown, sign: 1 | -1): void => {
    if (typeof to === 'string' && typeof amount === 'number') earned.set(to, (earned.get(to) ?? 0) + sign * amount);
  };
  for (const { name, data } of (await client.events({ limit: 200 })).items) {
    if (['Reward', 'Bounty', 'GasRebate', 'WorkPaid'].includes(name)) add(data.to, data.amount, 1);
    if (name === 'Penalty') add(data.address, data.amount, -1);
  }
  return earned;
}

async function saveBundle(testnet: Testnet, client: ReturnType<typeof clientOf>, incidentId: string): Promise<string> {
  const folder = join(testnet.directory, 'bundles');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${incidentId}.json`);
  writeFileSync(file, await client.bundleText(incidentId));
  return file;
}

async function countTransactions(client: ReturnType<typeof clientOf>): Promise<number> {
  let count = 0;
  let before: string | undefined;
  do {
    const page = await client.blocks({ limit: 200, ...(before && { before }) });
    count += page.items.reduce((sum, { transactionCount }) => sum + transactionCount, 0);
    before = page.next ?? undefined;
  } while (before);
  return count;
}

program.action(async (options: Options) => {
  try {
    await main(options);
  } catch (error) {
    fail(error);
  }
});
await program.parseAsync();
