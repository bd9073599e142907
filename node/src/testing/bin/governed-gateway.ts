/**
 * The gateway of a governed chain for tests that look at it with a browser: executed and certified by the real code,
 * only consensus and network are not there.
 * Usage: governed-gateway EXPLORER_FOLDER. Prints one line of JSON: port and incidents. A line on its input decides the
 * challenge that is open; it ends with its input.
 */
import { createInterface } from 'node:readline';
import { serveGoverned } from '../governed-gateway.ts';

const { incidents, served, decide } = await serveGoverned(process.argv[2] ?? '');
process.stdout.write(`${JSON.stringify({ port: served.port, incidents })}\n`);
for await (const _line of createInterface({ input: process.stdin })) await decide();
await served.close();
