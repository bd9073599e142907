/**
 * Every case as an incident on one real testnet: seven processes are told its alert and see its telemetry, and what the
 * chain finalizes is the answer. Standing and balances carry over from case to case, as on any chain.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiClient } from '@dao-gov/node/client';
import { evidenceSchema, type FaultAssessment, type IncidentDetail } from '@dao-gov/node/protocol';
import { clientOf, waitFor, waitReady } from '../testnet/api.ts';
import { ROOT, Testnet } from '../testnet/testnet.ts';
import type { Case } from './cases.ts';
import { type ModelUsage, usageOf } from './model-usage.ts';
import { type Answered, MS_PER_SECOND } from './run.ts';
import { type StagedCase, stageCases } from './stage.ts';
import { answerOfIncident } from './verdict.ts';

export type ChainAnswered = Answered & {
  /** Empty when no incident was opened. */
  readonly incidentId: string;
  readonly state: string;
  /** Votes it took. */
  readonly rounds: number;
  /** The agents came as far as an assessment: what they say of the case, or that they cannot say, is their answer. */
  readonly examined: boolean;
};

export type ChainRun = {
  readonly answered: readonly ChainAnswered[];
  /** What the agents' models used up; null where none was asked. */
  readonly usage: ModelUsage | null;
};

export type ChainOptions = {
  readonly reasoner: 'builtin' | 'openai';
  /** Incidents that are open at the same time. */
  readonly atOnce: number;
  /** Nodes among which the cause of a case is to be found. */
  readonly nodesOf: (found: Case) => Promise<number>;
  readonly onReady?: (testnet: Testnet) => void;
  readonly onAnswer?: (answered: ChainAnswered, count: number) => void;
};

/** Eight silent deadlines end an incident without a verdict; a model's are longer. */
const INCIDENT_MS_MAX = { builtin: 300_000, openai: 900_000 } as const;
/** An evaluation takes long anyway; a busy machine is no reason not to begin. */
const READY_MS_MAX = 240_000;
/** Tokens of the treasury and of its budget for one incident; nobody's answer may depend on an empty treasury. */
const TOKENS_PER_CASE = 10_000;
/**
 * A slow machine must not pass for agents that know nothing: the preset's windows are for one incident at a time. A step
 * ends when it is done and a vote when all have voted, so only silence takes longer; eight silent deadlines, a minute,
 * are what an abstention costs.
 */
const PATIENT_WINDOWS = { stepDeadlineMs: 8_000, commitWindowMs: 20_000, revealWindowMs: 10_000 } as const;
const CLOSED = ['Finalized', 'Inconclusive'];

/** @throws TestnetError when the network does not start */
export async function throughChain(cases: readonly Case[], options: ChainOptions): Promise<ChainRun> {
  const directory = mkdtempSync(join(tmpdir(), 'dao-gov-eval-'));
  const captures = join(directory, 'captures');
  mkdirSync(captures);
  const staged = await stageCases(cases, captures);
  const testnet = await Testnet.create({
    ...{ directory: join(directory, 'net'), captures, reasoner: options.reasoner },
    ...{ attached: true, ports: 'free', preset: presetFor(directory, cases.length, options.reasoner) },
  });
  const killNow = (): void => testnet.killNow();
  process.once('exit', killNow);
  try {
    await testnet.startAll(testnet.nodes.length);
    await waitReady(testnet, testnet.nodes, () => {}, READY_MS_MAX);
    options.onReady?.(testnet);
    const answered = await answerAll(staged, testnet, options);
    const usage = options.reasoner === 'openai' ? await usageOf(testnet) : null;
    await testnet.down();
    // Only then: after a failure the logs of the nodes are what tells why.
    rmSync(directory, { recursive: true, force: true });
    return { answered, usage };
  } finally {
    await testnet.down();
    process.off('exit', killNow);
  }
}

/** The testnet's preset with enough in the treasury for all cases. @returns its file */
function presetFor(directory: string, cases: number, reasoner: 'builtin' | 'openai'): string {
  const preset = JSON.parse(readFileSync(join(ROOT, 'config/testnet.json'), 'utf8'));
  preset.treasury += cases * TOKENS_PER_CASE;
  preset.params.work.epochBudget += cases * TOKENS_PER_CASE;
  // A model's own windows, set with its reasoner, are longer still.
  if (reasoner === 'builtin') Object.assign(preset.params, PATIENT_WINDOWS);
  const file = join(directory, 'preset.json');
  writeFileSync(file, JSON.stringify(preset));
  return file;
}

/** In the order of the cases, whichever ends first. */
async function answerAll(
  staged: readonly StagedCase[],
  testnet: Testnet,
  options: ChainOptions,
): Promise<readonly ChainAnswered[]> {
  const answered: ChainAnswered[] = [];
  const waiting = [...staged.entries()];
  let count = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, one] = next;
      // Another node each time: every agent is told alerts, and no gateway is asked too often.
      const client = clientOf(testnet, 1 + (index % testnet.nodes.length));
      const answer = await answerCase(one, client, options);
      answered[index] = answer;
      count += 1;
      options.onAnswer?.(answer, count);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.atOnce, staged.length) }, work));
  return answered;
}

/** An incident that does not end in time counts as an abstention, and its state says so. */
async function answerCase(
  { found, alert }: StagedCase,
  client: ApiClient,
  { nodesOf, reasoner }: ChainOptions,
): Promise<ChainAnswered> {
  const startedMs = performance.now();
  await client.raiseAlert(alert);
  let incident: IncidentDetail | undefined;
  let verdictMs = 0;
  try {
    await waitFor(`${found.name} closed`, INCIDENT_MS_MAX[reasoner], async () => {
      incident = await look(client, alert.source, incident);
      if (incident === undefined) return false;
      const isClosed = CLOSED.includes(incident.state);
      if (isClosed || incident.state === 'Solution') verdictMs ||= performance.now();
      return isClosed;
    });
  } catch {
    // Whatever it was waiting for stands in the state that the case is listed with.
  }
  const assessment = incident === undefined ? null : await assessmentOf(incident, client);
  return {
    found,
    answer: answerOfIncident(incident ?? { state: 'Init', rootCause: '', faultKind: '', proposals: [] }, assessment),
    seconds: ((verdictMs || performance.now()) - startedMs) / MS_PER_SECOND,
    nodes: await nodesOf(found),
    incidentId: incident?.incidentId ?? '',
    state: incident?.state ?? 'not opened',
    rounds: incident?.round ?? 0,
    examined: assessment !== null,
  };
}

/** The incident of this case as it stands, found by the alert's source. */
async function look(
  client: ApiClient,
  source: string,
  known: IncidentDetail | undefined,
): Promise<IncidentDetail | undefined> {
  const id =
    known?.incidentId ?? (await client.incidents()).items.find((item) => item.alert.source === source)?.incidentId;
  return id === undefined ? undefined : client.incident(id);
}

/** The newest assessment that stands on chain. */
async function assessmentOf(incident: IncidentDetail, client: ApiClient): Promise<FaultAssessment | null> {
  const hashes = incident.steps.findLast(({ step }) => step === 'submit_fault_assessment')?.evidence ?? [];
  for (const hash of hashes) {
    const evidence = evidenceSchema.safeParse(JSON.parse(await client.evidenceText(hash)));
    if (evidence.success && evidence.data.kind === 'fault_assessment') return evidence.data;
  }
  return null;
}
