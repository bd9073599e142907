/** The analysis thread itself: reads captures and answers one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { captureSource, withLive } from '../telemetry/index.ts';
import { analyseCapture, observeNode } from './analyst.ts';
import type { AnalysisReply, AnalysisRequest, AnalystAnswer, WorkerSettings } from './analyst-messages.ts';
import { AnalystError } from './errors.ts';

const { captures, telemetry } = workerData as WorkerSettings;
const onProblem = ({ message }: Error): void => parentPort?.postMessage({ problem: message } satisfies AnalysisReply);
const recorded = captureSource(captures);
const source = telemetry === undefined ? recorded : withLive(recorded, { configFile: telemetry, onProblem });

function answer(request: AnalysisRequest): Promise<AnalystAnswer> {
  const { captureId, alert, window } = request;
  return request.wanted === 'findings'
    ? analyseCapture(source, captureId, alert, window)
    : observeNode(source, captureId, request.alert, request.window);
}

async function reply(request: AnalysisRequest): Promise<AnalysisReply> {
  const { id } = request;
  try {
    return { id, answer: await answer(request) };
  } catch (error) {
    const code = error instanceof AnalystError ? error.code : 'ANALYSIS_FAILED';
    return { id, error: { code, detail: error instanceof Error ? error.message : String(error) } };
  }
}

let line: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: AnalysisRequest) => {
  line = line.then(async () => parentPort?.postMessage(await reply(request)));
});
