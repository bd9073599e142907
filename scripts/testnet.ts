/** `npm run testnet -- <command>`: operates a seven-node testnet on this machine. */
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ensureExplorer } from './lib/explorer.ts';
import { dim, fail, green, printJson, red, say, table, yellow } from './lib/output.ts';
import { clientOf, type NodeStatus, statusOf, waitReady } from './testnet/api.ts';
import { moveBond } from './testnet/bonding.ts';
import { composePlacement, createNetwork } from './testnet/files.ts';
import { type Motion, makeMotion, typedValue } from './testnet/motions.ts';
import { ROOT, Testnet, TestnetError } from './testnet/testnet.ts';

const DEFAULT_DIRECTORY = join(ROOT, 'data/run/testnet');

/** A whole number from 1 up. Whether there is such a node, the testnet knows. */
function countFromOne(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('it is a number from 1 up');
  return count;
}

interface Common {
  readonly dir: string;
  readonly json?: boolean;
}

const STATE = { ready: green('ready'), joining: yellow('joining'), down: red('down') } as const;

function show(statuses: readonly NodeStatus[], json: boolean | undefined): void {
  if (json) return printJson({ nodes: statuses });
  const rows = statuses.map(({ node, state, role, height, hash, view, peers, pid, url }) => [
    String(node),
    STATE[state],
    role,
    height === null ? '-' : String(height),
    hash === null ? '-' : hash.slice(0, 12),
    view === null ? '-' : String(view),
    peers === null ? '-' : String(peers),
    pid === null ? '-' : String(pid),
    url,
  ]);
  process.stdout.write(
    `${table([['node', 'state', 'agent', 'height', 'hash', 'view', 'peers', 'pid', 'url'], ...rows])}\n`,
  );
}

const allStatus = (testnet: Testnet): Promise<NodeStatus[]> =>
  Promise.all(testnet.nodes.map((node) => statusOf(testnet, node)));

/** The testnet of the folder, which must have this node. @throws TestnetError */
function openWith(node: number, { dir }: Common): Testnet {
  const testnet = Testnet.open(dir);
  if (!testnet.nodes.includes(node)) throw new TestnetError(`no node ${node}: it has ${testnet.nodes.length}`);
  return testnet;
}

const running = (testnet: Testnet): number[] => testnet.nodes.filter((node) => testnet.pid(node) !== null);

async function up(
  options: Common & {
    captures: string;
    telemetry?: string;
    policy?: string;
    ports: 'default' | 'free';
    keep?: boolean;
    reasoner: 'builtin' | 'openai';
  },
) {
  await ensureExplorer(say);
  const begun = Date.now();
  const testnet = await Testnet.up({
    directory: options.dir,
    captures: options.captures,
    ...(options.telemetry !== undefined && { telemetry: options.telemetry }),
    ...(options.policy !== undefined && { policy: options.policy }),
    attached: false,
    ports: options.ports,
    reasoner: options.reasoner,
    ...(options.keep && { keep: true }),
  });
  const all = testnet.nodes.length;
  await waitReady(testnet, testnet.nodes, (node, count) =>
    say(`${green('ready')} node ${node} ${dim(`(${count}/${all})`)}`),
  );
  say(`${all} nodes in ${((Date.now() - begun) / 1_000).toFixed(1)} s; explorer at ${testnet.url(1)}`);
  show(await allStatus(testnet), options.json);
}

/** Milliseconds that a full node gets for catching up while the command waits; it goes on by itself afterwards. */
const OBSERVER_READY_MS = 60_000;

async function observe(options: Common & { count: number; ports: 'default' | 'free' }) {
  const testnet = Testnet.open(options.dir);
  if (running(testnet).length === 0) fail('no node is running: npm run testnet -- up');
  const added: number[] = [];
  while (added.length < options.count) added.push(await testnet.observe(options.ports));
  await waitReady(testnet, added, undefined, OBSERVER_READY_MS).catch((error: Error) => say(yellow(error.message)));
  const statuses = await Promise.all(added.map((node) => statusOf(testnet, node)));
  for (const { node, state, height, url } of statuses) {
    say(`full node ${node} is ${STATE[state]} at height ${height ?? '-'}; explorer at ${url}`);
  }
  if (options.json) printJson({ nodes: statuses });
}

async function kill(node: number, options: Common) {
  const ended = await openWith(node, options).stop(node, 'SIGKILL');
  if (options.json) printJson({ node, killed: ended });
  else say(ended ? `node ${node} killed` : `node ${node} was not running`);
}

async function restart(node: number, options: Common) {
  const testnet = openWith(node, options);
  await testnet.stop(node);
  testnet.start(node);
  // Alone it may wait for others to come back: started is what this command promises, ready is reported.
  await waitReady(testnet, [node], undefined, 20_000).catch((error: Error) => say(yellow(error.message)));
  const status = await statusOf(testnet, node);
  if (options.json) printJson({ node, state: status.state, height: status.height });
  else say(`node ${node} is ${STATE[status.state]} at height ${status.height ?? '-'}`);
}

/** One node told to do something at once: says what came of it. */
const told =
  (verb: 'pause' | 'resume' | 'disconnect', done: string) =>
  async (node: number, options: Common): Promise<void> => {
    if (!openWith(node, options)[verb](node)) fail(`node ${node} does not run: npm run testnet -- restart ${node}`);
    if (options.json) printJson({ node, [done]: true });
    else say(`node ${node} ${done}`);
  };

async function heal(node: number | undefined, options: Common) {
  const testnet = Testnet.open(options.dir);
  const healed = (node === undefined ? testnet.nodes : [node]).filter((one) => testnet.heal(one));
  if (options.json) printJson({ healed });
  else say(healed.length > 0 ? `joined again: ${healed.join(', ')}` : 'no node was disconnected');
}

const moving = (verb: 'bond' | 'unbond') => async (node: number, amount: number, options: Common) => {
  const moved = await moveBond(openWith(node, options), node, verb, amount);
  const { bond, unbonding, status, height, epoch } = moved;
  if (options.json) return printJson(moved);
  say(`node ${node} ${verb}ed ${amount} in block ${height}: bond ${bond}, unbonding ${unbonding}, ${status}`);
  say(dim(`it counts from epoch ${epoch} on`));
};

const moved =
  (node: number, options: Common & { reason: string }) =>
  async (motion: Motion): Promise<void> => {
    const testnet = openWith(node, options);
    const decided = await makeMotion(testnet, node, motion, options.reason, ({ number, proposer }) => {
      say(`motion ${number} of ${proposer.name} is open; the agents vote …`);
    });
    if (options.json) return printJson(decided);
    for (const { voter, option, reason } of decided.votes) {
      say(`  ${voter.name.padEnd(20)} ${(option ?? 'no vote').padEnd(8)} ${dim(reason?.en ?? '')}`);
    }
    const passed = decided.status === 'passed';
    say(`motion ${decided.number} ${passed ? green('passed') : yellow('was not passed')}`);
    if (passed) say(dim('it takes effect at the next epoch; explorer: Governance'));
  };

async function reset(options: Common) {
  const testnet = Testnet.open(options.dir);
  const [living] = running(testnet);
  if (!living) fail('no node is running: npm run testnet -- up');
  await clientOf(testnet, living).reset();
  await waitReady(testnet, running(testnet));
  show(await allStatus(testnet), options.json);
}

async function down(options: Common) {
  await Testnet.open(options.dir).down();
  if (options.json) printJson({ down: true });
  else say('all nodes ended');
}

async function compose(directory: string) {
  if (existsSync(directory)) fail(`${directory} exists: its keys are not overwritten. Remove it for a new network`);
  createNetwork(directory, join(ROOT, 'config/testnet.json'), composePlacement);
  giveTo(directory, CONTAINER_USER);
  say(`${directory}: ready for docker compose up --build`);
}

/** The user that the image runs as; a root that makes the files hands them over, anyone else is expected to be it. */
const CONTAINER_USER = 1_000;

function giveTo(folder: string, user: number): void {
  if (process.getuid?.() !== 0) return;
  chownSync(folder, user, user);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    chownSync(join(entry.parentPath, entry.name), user, user);
  }
}

const NODE_HELP = 'its number, as in status';

const program = new Command('testnet').description('Operates a seven-node testnet on this machine.').addHelpText(
  'after',
  `
Nodes are 1 to 7, gateways and explorers at http://127.0.0.1:4001 to 4007; logs in data/run/testnet/node-N/node.log.
Full nodes that do not validate come after them: 8 at 4008, and so on.

Examples:
  npm run testnet -- up                     start, and stay up after this command
  npm run testnet -- kill 3                 end node 3 at once, as a crash would
  npm run testnet -- restart 3              start it again; it catches up by itself
  npm run testnet -- pause 3                freeze its process; resume 3 lets it go on
  npm run testnet -- disconnect 3           cut it off from the other nodes; heal joins all again
  npm run testnet -- observe                add a full node: syncs from the genesis, follows, serves its own explorer
  npm run testnet -- bond 3 5000            5,000 tokens more at stake as a validator; unbond 3 5000 takes them back
  npm run testnet -- change 2 rewards.bounty 1200 --reason "Bounties pay for the research they take."
                                            node 2's agent moves it, the others vote; pay 2 5 400 --reason … likewise
  npm run testnet -- status --json          one JSON object on the last line
  npm run testnet -- down                   end all nodes; chain and keys stay on disk`,
);

const withCommon = (command: Command): Command =>
  command
    .option('--dir <folder>', 'folder of the testnet', DEFAULT_DIRECTORY)
    .option('--json', 'result as one JSON object');

const run =
  <A extends unknown[]>(action: (...args: A) => Promise<void>) =>
  async (...args: A): Promise<void> => {
    try {
      await action(...args);
    } catch (error) {
      fail(error);
    }
  };

withCommon(program.command('up').description('start seven nodes with fresh keys and a fresh chain'))
  .option('--captures <folder>', 'telemetry: a capture folder, or a folder of them', join(ROOT, 'data'))
  .option('--telemetry <file>', 'live telemetry for alerts that are in no capture (config/telemetry.json)')
  .option('--policy <file>', 'when agents challenge, report outcomes and support motions (config/agent-policy.json)')
  .option('--ports <which>', '"default" (4001.., 4101..) or "free"', 'default')
  .option('--keep', 'go on with the keys and the chain that are there')
  .option('--reasoner <name>', '"builtin" or "openai"', 'builtin')
  .action(run(up));
withCommon(program.command('status').description('what each node says of itself')).action(
  run(async (options: Common) => show(await allStatus(Testnet.open(options.dir)), options.json)),
);
withCommon(program.command('observe').description('add full nodes that do not validate and start them'))
  .option('--count <n>', 'how many', countFromOne, 1)
  .option('--ports <which>', '"default" (4008.., 4108..; free ones where those are in use) or "free"', 'default')
  .action(run(observe));
withCommon(program.command('kill').argument('<node>', NODE_HELP, countFromOne).description('SIGKILL one node')).action(
  run(kill),
);
withCommon(
  program.command('restart').argument('<node>', NODE_HELP, countFromOne).description('stop if needed, start again'),
).action(run(restart));
withCommon(
  program.command('pause').argument('<node>', NODE_HELP, countFromOne).description('freeze one process (SIGSTOP)'),
).action(run(told('pause', 'paused')));
withCommon(
  program.command('resume').argument('<node>', NODE_HELP, countFromOne).description('let a paused one go on'),
).action(run(told('resume', 'resumed')));
withCommon(
  program
    .command('disconnect')
    .argument('<node>', NODE_HELP, countFromOne)
    .description('cut one node off from the others'),
).action(run(told('disconnect', 'disconnected')));
withCommon(
  program
    .command('heal')
    .argument('[node]', 'its number; all when left out', countFromOne)
    .description('join them again'),
).action(run(heal));
withCommon(
  program
    .command('bond')
    .argument('<node>', NODE_HELP, countFromOne)
    .argument('<amount>', 'tokens', countFromOne)
    .description("add to a validator's bond, out of its operator's balance"),
).action(run(moving('bond')));
withCommon(
  program
    .command('unbond')
    .argument('<node>', NODE_HELP, countFromOne)
    .argument('<amount>', 'tokens; the whole bond to leave', countFromOne)
    .description('take from a bond: back in the balance once it answers for nothing any more'),
).action(run(moving('unbond')));
const reasonOption = ['--reason <text>', 'why: the agents read it, and whoever audits the chain'] as const;
withCommon(
  program
    .command('change')
    .argument('<node>', 'whose agent makes the motion', countFromOne)
    .argument('<parameter>', 'as on the Governance page: alpha, rewards.bounty, …')
    .argument('<value>', 'the new one')
    .requiredOption(...reasonOption)
    .description('move that a parameter of the chain changes; the agents vote'),
).action(
  run((node: number, name: string, value: string, options: Common & { reason: string }) =>
    moved(node, options)({ kind: 'change', change: { name, value: typedValue(value) } }),
  ),
);
withCommon(
  program
    .command('pay')
    .argument('<node>', 'whose agent makes the motion', countFromOne)
    .argument('<to>', 'a node, for its agent; or an address')
    .argument('<amount>', 'tokens', countFromOne)
    .requiredOption(...reasonOption)
    .description('move that the treasury pays somebody; the agents vote'),
).action(
  run((node: number, to: string, amount: number, options: Common & { reason: string }) =>
    moved(node, options)({ kind: 'pay', to, amount }),
  ),
);
program
  .command('compose')
  .description('make the files that docker-compose.yml mounts: keys, genesis, configurations, admin token')
  .option('--dir <folder>', 'folder of the files', join(ROOT, 'data/run/compose'))
  .action(run(async ({ dir }: { dir: string }) => compose(dir)));
withCommon(program.command('reset').description('a new chain on all running nodes (development networks only)')).action(
  run(reset),
);
withCommon(program.command('down').description('end all nodes')).action(run(down));

await program.parseAsync();
