/** The files of a full node that does not validate: what the first node knows of the network, and a key of its own. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@dao-gov/node/protocol';
import { z } from 'zod';
import { secret } from './files.ts';

/** The parts of a node's configuration that an observer changes; the rest is taken over as it is. */
const configSchema = z.looseObject({
  network: z.looseObject({}),
  gateway: z.looseObject({ gateways: z.array(z.unknown()) }),
});

export interface ObserverPlace {
  readonly host: string;
  readonly gatewayPort: number;
  readonly p2pPort: number;
}

/** Makes the folder of node `number` in the folder of a network. */
export function createObserver(directory: string, number: number, place: ObserverPlace): void {
  const { host, gatewayPort, p2pPort } = place;
  const name = `node-${number}`;
  const folder = join(directory, name);
  mkdirSync(folder, { recursive: true });
  secret(join(folder, 'node.key'), toHex(new Uint8Array(randomBytes(32))));
  const known = configSchema.parse(JSON.parse(readFileSync(join(directory, 'node-1', 'config.json'), 'utf8')));
  const gateway = { name, url: `http://${host}:${gatewayPort}`, role: null };
  const config = {
    ...known,
    name,
    validatorKey: 'node.key',
    network: { ...known.network, host, port: p2pPort },
    gateway: { ...known.gateway, host, port: gatewayPort, gateways: [...known.gateway.gateways, gateway] },
    agent: undefined, // left out of the JSON: an observer votes on nothing
  };
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
