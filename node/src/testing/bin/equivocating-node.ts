/**
 * A byzantine node for tests: the real node on disk and network, with one lie between the two. Nothing of the product
 * imports it, so no flag, variable or configuration of the product makes a node lie. Without an agent.
 * Usage: equivocating-node CONFIG.json
 */
import { endingOf, readNodeConfig, startNode } from '../../bin/index.ts';
import { equivocatingNetwork } from '../equivocating-network.ts';

function die(error: unknown): never {
  const { text, code } = endingOf(error);
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

const starting = startNode(readNodeConfig(process.argv[2] ?? ''), undefined, die, equivocatingNetwork);
const stop = (): void => void starting.then((running) => running.stop()).then(() => process.exit(0), die);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
// An attached node ends with the process that started it, however that one ended.
if (process.env.DAO_GOV_ATTACHED === '1') process.once('disconnect', stop);
await starting.catch(die);
