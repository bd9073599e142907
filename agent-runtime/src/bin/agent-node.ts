/** The process of one node and its agent. Usage: agent-node CONFIG.json */
import { flushCompileCache } from 'node:module';
import { type AgentHandle, ConfigError, endingOf, type NodeConfig, readNodeConfig, startNode } from '@dao-gov/node/bin';
import { agentOf } from './agent-of.ts';

/** After so many milliseconds what was compiled goes to the cache on disk: a node that is killed would never leave it. */
const COMPILED_MS = 4_000;
/** Ends the process when this long passes between the first signal and the last closed file. */
const STOP_MS_MAX = 8_000;

function die(error: unknown): never {
  const { text, code } = endingOf(error);
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

function configOf(file: string | undefined): NodeConfig {
  if (file === undefined) die(new ConfigError('usage: agent-node CONFIG.json (made by: npm run testnet -- up)'));
  try {
    return readNodeConfig(file);
  } catch (error) {
    die(error);
  }
}

const config = configOf(process.argv[2]);
const { agent } = config;
const starting = startNode(config, agent && ((context): Promise<AgentHandle> => agentOf(agent, context)), die);

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
  // A node that is told to stop while it starts finishes that first: nothing is left half open.
  void starting.then((running) => running.stop()).then(() => process.exit(0), die);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
const running = await starting.catch(die);
setTimeout(flushCompileCache, COMPILED_MS).unref();
// The platform's default would end the process; what this one does is told in node/src/bin/isolation.ts.
process.on('SIGUSR2', () => running.isolation());
// An attached node ends with the process that started it, however that one ended.
if (process.env.DAO_GOV_ATTACHED === '1') process.on('disconnect', stop);
