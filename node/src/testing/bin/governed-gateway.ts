/**
 * Test-only: the gateway over a chain on which everything happened that governance knows, as a process that a browser
 * can look at. The chain is executed and certified by the real code; only consensus and network are not there.
 * Usage: governed-gateway EXPLORER_FOLDER. Prints one line of JSON: port and incidents. A line on its input decides the
 * challenge that is open; it ends with its input.
 */
import { createInterface } from 'node:readline';
import { systemClock } from '../../bin/system-clock.ts';
import { createGateway, serveGateway } from '../../gateway/index.ts';
import { gatewayParts, LOOPBACK } from '../gateway-kit.ts';
import { governedChain } from '../governed-chain.ts';

const governed = governedChain();
const { node, deps } = await gatewayParts(governed.chain);
// A browser counts on time that passes: by the kit's own clock nobody's allowance of requests would be renewed.
const gateway = createGateway({ ...deps, clock: systemClock, explorerDirectory: process.argv[2] ?? '' });
const served = await serveGateway(() => gateway, { host: LOOPBACK, port: 0 });
process.stdout.write(`${JSON.stringify({ port: served.port, incidents: governed.incidents })}\n`);
for await (const _line of createInterface({ input: process.stdin })) {
  governed.decide();
  await node.catchUp();
}
await served.close();
