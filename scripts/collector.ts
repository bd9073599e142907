/** `npm run collector`: receives OTLP/HTTP JSON and keeps the newest spans and logs for agents to read. */
import { startOtlpReceiver } from '@dao-gov/agent-runtime/telemetry';
import { Command } from 'commander';
import { fail, say } from './lib/output.ts';

/** Port that OTLP/HTTP exporters use by default. */
const OTLP_PORT = 4318;

const program = new Command('collector')
  .description('Receives OTLP/HTTP JSON (/v1/traces, /v1/logs) and keeps the newest records in memory for agents.')
  .option('--port <n>', 'port', Number, OTLP_PORT)
  .option('--host <address>', 'address; it asks nobody who they are, so keep it private', '127.0.0.1')
  .addHelpText(
    'after',
    `
Exporters:  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318  OTEL_EXPORTER_OTLP_PROTOCOL=http/json
Agents:     "otlp": {"url": "http://127.0.0.1:4318"} in the file of npm run testnet -- up --telemetry FILE`,
  );

program.action(async ({ port, host }: { port: number; host: string }) => {
  try {
    const receiver = await startOtlpReceiver({ port, host });
    say(`OTLP/HTTP JSON at ${receiver.url}/v1/traces and /v1/logs`);
  } catch (error) {
    fail(error);
  }
});
await program.parseAsync();
