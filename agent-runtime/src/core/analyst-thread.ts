/** The analysis thread itself: reads captures and answers one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { captureSource, withLive } from '../telemetry/index.ts';
import { analyseCapture } from './analyst.ts';
import type { AnalysisReply, AnalysisRequest, WorkerSettings } from './analyst-messages.ts';
import { AnalystError } from './errors.ts';

const { captures, telemetry } = workerData as WorkerSettings;
const onProblem = ({ message }: Error): void => parentPort?.postMessage({ problem: message } satisfies AnalysisReply);
const recorded = captureSource(captures);
const source = telemetry === undefined ? recorded : withLive(recorded, { configFile: telemetry, onProblem });

async function reply({ id, captureId, alert }: AnalysisRequest): Promise<AnalysisReply> {
  try {
    return { id, findings: await analyseCapture(source, captureId, alert ?? undefined) };
  } catch (error) {
    const code = error instanceof AnalystError ? error.code : 'ANALYSIS_FAILED';
    return { id, error: { code, detail: error instanceof Error ? error.message : String(error) } };
  }
}

let line: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: AnalysisRequest) => {
  line = line.then(async () => parentPort?.postMessage(await reply(request)));
});
