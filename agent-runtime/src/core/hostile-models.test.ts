/**
 * Seven agents whose models all do wrong at once. Every incident ends with what the data shows, and of what the models
 * made up nothing is on chain but in transcripts, where it belongs.
 */
import { ROLES, type Role } from '@dao-gov/node/protocol';
import { ChainSimulator, developmentGenesis, testSecret } from '@dao-gov/node/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createReasoner } from '../reasoners/index.ts';
import { erratic, HOSTILE_MODELS, INJECTION, INVENTED } from '../reasoners/testing/hostile-models.ts';
import { decideLikeTheEngine, ModelServer } from '../reasoners/testing/model-server.ts';
import { captureSource } from '../telemetry/index.ts';
import { inlineAnalyst } from './analyst.ts';
import { documentOf } from './evidence/blob.ts';
import { type AgentClock, silentSink } from './ports.ts';
import { AgentsOnChain, SAMPLES } from './testing/agents-on-chain.ts';

/** Milliseconds that a model may think: real ones, as it is a real server. */
const THINKING_MS = 150;
const TEST_MS_MAX = 60_000;

const realClock: AgentClock = {
  monotonicMs: () => performance.now(),
  at: (atMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, atMs - performance.now()));
    return () => clearTimeout(timer);
  },
};

const server = new ModelServer();
/** One analysis for all: what is put to the test is not the engine. */
const analyst = inlineAnalyst(captureSource(SAMPLES));
let agents: AgentsOnChain;
beforeAll(() => server.listen());
afterEach(() => agents.stop());
afterAll(() => server.close());

async function begin(wallClockMs = 20_000): Promise<ChainSimulator> {
  const accounts = Object.fromEntries(ROLES.map((role) => [role, { stake: 0 }]));
  const chain = new ChainSimulator({ genesis: developmentGenesis({ accounts }) });
  agents = new AgentsOnChain(chain, (role: Role) => testSecret(ROLES.indexOf(role) + 1));
  const settings = {
    baseUrl: server.baseUrl,
    model: 'hostile',
    mode: 'react',
    stepsMax: 6,
    tokensMax: 50_000,
  } as const;
  const config = { kind: 'openai', ...settings, wallClockMs, priceInput: 1, priceOutput: 2 } as const;
  const reasoner = await createReasoner(config, { clock: realClock, sink: silentSink });
  agents.startAll(Object.fromEntries(ROLES.map((role) => [role, { reasoner, analyst }])));
  return chain;
}

async function solve(chain: ChainSimulator): Promise<void> {
  const alert = { node: 'train-buy', metric: 'response_time', at: '2023-10-15T14:00:00.000Z' };
  await agents.raise({ ...alert, source: 'report-train-buy', title: INJECTION }, 'alert_receiver');
  await agents.until(() => ['Finalized', 'Inconclusive'].includes(agents.incident()?.state ?? ''));
  chain.assertConserved();
}

/** Arguments and evidence of everything that agents submitted after the alert, transcripts aside. */
async function claimsOn(chain: ChainSimulator): Promise<string> {
  const transactions = chain.blocks().flatMap(({ block }) => block.transactions);
  const own = transactions.filter(({ type }) => type !== 'raise_alert');
  const blobs = await Promise.all(own.flatMap(({ evidence }) => evidence).map((hash) => chain.store.evidence(hash)));
  const documents = blobs.map((blob) => blob && documentOf(blob));
  expect(documents).not.toContain(undefined);
  const claims = documents.filter((document) => document?.kind !== 'transcript');
  // The builtin triage quotes the alert's title, as a quotation: that is what was raised, not what is claimed.
  return JSON.stringify([own.map(({ args }) => args), claims]).replaceAll(INJECTION, '');
}

async function expectNothingInvented(chain: ChainSimulator): Promise<void> {
  const claims = await claimsOn(chain);
  for (const invented of INVENTED) expect(claims).not.toContain(invented);
  const receipts = chain.blocks().flatMap((block) => block.receipts);
  expect(receipts.filter(({ status }) => status === 'failed')).toEqual([]);
  const types = new Set(chain.blocks().flatMap(({ block }) => block.transactions.map(({ type }) => type)));
  expect(types).not.toContain('transfer');
}

async function usagesOn(chain: ChainSimulator) {
  const hashes = chain.blocks().flatMap(({ block }) => block.transactions.flatMap(({ evidence }) => evidence));
  return (await agents.transcripts(hashes)).flatMap(({ usage }) => usage ?? []);
}

test.each(HOSTILE_MODELS)('behind all seven a model that $name', { timeout: TEST_MS_MAX }, async ({ behaviour }) => {
  server.behave(behaviour);
  const chain = await begin();
  await solve(chain);
  expect(agents.incident()).toMatchObject({ state: 'Finalized', rootCause: 'food-buy' });
  await expectNothingInvented(chain);
  const usages = await usagesOn(chain);
  expect(usages.length).toBeGreaterThan(0);
  for (const { answeredBy, requests } of usages) {
    expect(answeredBy).toBe('builtin');
    expect(requests).toBeLessThanOrEqual(6);
  }
});

test('behind all seven a server that never answers', { timeout: TEST_MS_MAX }, async () => {
  server.behave(() => 'hang');
  const chain = await begin(THINKING_MS);
  await solve(chain);
  expect(agents.incident()).toMatchObject({ state: 'Finalized', rootCause: 'food-buy' });
  await expectNothingInvented(chain);
});

test('behind all seven a model on a bad day', { timeout: TEST_MS_MAX }, async () => {
  server.behave(erratic);
  const chain = await begin();
  await solve(chain);
  await expectNothingInvented(chain);
});

test('behind all seven a model that helps: it decides, and the chain knows what it cost', {
  timeout: TEST_MS_MAX,
}, async () => {
  server.behave(decideLikeTheEngine);
  const chain = await begin();
  await solve(chain);
  expect(agents.incident()).toMatchObject({ state: 'Finalized', rootCause: 'food-buy' });
  const usages = await usagesOn(chain);
  expect(new Set(usages.map(({ answeredBy }) => answeredBy))).toEqual(new Set(['tools']));
  expect(usages.reduce((sum, { requests }) => sum + requests, 0)).toBe(server.requests.length);
  for (const { requests, costMicros } of usages) expect(costMicros).toBe(requests * (100 + 2 * 20));
});
