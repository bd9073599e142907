/** Models and servers that do wrong: what they say never becomes a decision, and what they cost is bounded and known. */
import { ChainSimulator, type SimulatorClock } from '@dao-gov/node/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentSink } from '../../core/ports.ts';
import { builtinReasoner } from '../builtin/index.ts';
import type { Purpose, Reasoner } from '../reasoner.ts';
import { HOSTILE_MODELS, INJECTION, INVENTED } from '../testing/hostile-models.ts';
import { type Behaviour, decideLikeTheEngine, ModelServer, type Reply } from '../testing/model-server.ts';
import { type Desk, deskFor } from '../testing/reasoner-compliance.ts';
import { openaiReasoner } from './index.ts';
import { type OpenaiSettings, openaiSettingsSchema } from './settings.ts';

const server = new ModelServer();
let clock: SimulatorClock;
let counts: Map<string, number>;
beforeAll(() => server.listen());
afterAll(() => server.close());
beforeEach(() => {
  clock = new ChainSimulator().clock;
  counts = new Map();
});

function model(settings: Partial<OpenaiSettings> = {}): Reasoner {
  return openaiReasoner(openaiSettingsSchema.parse({ baseUrl: server.baseUrl, model: 'test-model', ...settings }), {
    clock,
    sink: { ...silentSink, count: (name, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by) },
    otherwise: builtinReasoner,
    promptOf: async (role) => `You are the ${role}.`,
  });
}

const injectedDesk = (purpose: Purpose, changes = {}): Desk => {
  const { task } = deskFor(purpose);
  return deskFor(purpose, { alert: { ...task.alert, title: INJECTION }, ...changes });
};

const words = ({ transcript }: Desk): string => transcript.entries.map(({ text }) => text.en).join('\n');

describe.each<Purpose>(['propose_root_cause', 'vote', 'submit_solution', 'triage'])(
  'for %s, a model that',
  (purpose) => {
    test.each(HOSTILE_MODELS)('$name decides nothing', async ({ behaviour, code = '' }) => {
      server.behave(behaviour);
      const desk = injectedDesk(purpose);
      const intent = await model().decide(desk.task, desk.tools);
      const honest = injectedDesk(purpose);
      expect(intent).toEqual(await builtinReasoner.decide(honest.task, honest.tools));
      const claimed = JSON.stringify(
        'summary' in intent && purpose === 'triage' ? intent.summary.replace(INJECTION, '') : intent,
      );
      for (const invented of INVENTED) expect(claimed).not.toContain(invented);
      expect(words(desk)).toMatch(new RegExp(`test-model could not decide \\((${code}): `));
      expect(server.requests.length).toBeLessThanOrEqual(20);
      expect(desk.transcript.usage).toMatchObject({ answeredBy: 'builtin', requests: server.requests.length });
      expect(counts.get('agent_model_degraded')).toBe(1);
      expect(counts.get('agent_model_requests')).toBe(server.requests.length);
    });
  },
);

describe('time', () => {
  test('a server that asks for patience gets as much as there is', async () => {
    server.behave(() => ({ status: 429, headers: { 'retry-after': '30' } }));
    const asked = server.nextRequest();
    const desk = deskFor('propose_root_cause');
    const deciding = model({ wallClockMs: 5_000 }).decide(desk.task, desk.tools);
    await asked;
    clock.advance(5_000);
    expect(await deciding).toMatchObject({ rootCause: 'food-buy' });
    expect(words(desk)).toContain('TIMED_OUT');
    expect(server.requests).toHaveLength(1);
  });

  test('a server that was overloaded for a moment is asked again, and then decides', async () => {
    server.behave((request, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after-ms': '1' } } : decideLikeTheEngine(request),
    );
    const desk = deskFor('propose_root_cause');
    expect(await model().decide(desk.task, desk.tools)).toMatchObject({ rootCause: 'food-buy' });
    expect(desk.transcript.usage).toMatchObject({ answeredBy: 'tools', requests: 3 });
  });
});

describe('budgets', () => {
  const asks: Behaviour = (_request, count) => ({
    calls: [{ name: 'query_metrics', input: { nodes: [`node-${count}`] } }],
  });

  test('a request that would not fit is not made', async () => {
    server.behave(asks);
    const desk = deskFor('propose_root_cause');
    await model({ tokensMax: 100 }).decide(desk.task, desk.tools);
    expect(server.requests).toHaveLength(0);
    expect(words(desk)).toContain('BUDGET_EXHAUSTED');
  });

  test('costs are stated by the operator’s prices, and bounded by them', async () => {
    server.behave(asks);
    const desk = deskFor('propose_root_cause');
    await model({ priceInput: 1_000, priceOutput: 2_000, costMax: 3 }).decide(desk.task, desk.tools);
    const { requests = 0, costMicros } = desk.transcript.usage ?? {};
    expect(requests).toBeGreaterThan(1);
    // 100 tokens of prompt and 20 of answer a request.
    expect(costMicros).toBe(requests * (100 * 1_000 + 20 * 2_000));
    expect(costMicros).toBeLessThanOrEqual(3_000_000);
    expect(counts.get('agent_model_cost_micros')).toBe(costMicros);
  });

  test('no request is made beyond the steps of a decision, repeated ones included', async () => {
    server.behave(() => ({ status: 500, headers: { 'retry-after-ms': '1' } }));
    const desk = deskFor('propose_root_cause');
    await model({ stepsMax: 2 }).decide(desk.task, desk.tools);
    expect(server.requests).toHaveLength(2);
  });
});

describe('what a server understands', () => {
  const claim = JSON.stringify({
    ...{ rootCause: 'food-buy', faultKind: 'errors', probability: 800 },
    reason: { en: 'food-buy fails.', zh: 'food-buy 失败。' },
  });
  const refuse = (what: string): Reply => ({
    status: 400,
    body: JSON.stringify({ error: { message: `${what} is not supported` } }),
  });

  test.each([
    ['tools', ['tools']],
    ['json_schema', ['tools', 'json_schema']],
    ['json_object', ['tools', 'json_schema', 'json_object']],
    ['text', ['tools', 'json_schema', 'json_object', 'text']],
  ] as const)('%s is what it is asked for, after what it refused', async (answeredBy, asked) => {
    const formOf = ({ tools, response_format: format }: (typeof server.requests)[number]): string =>
      tools === undefined ? (format?.type ?? 'text') : 'tools';
    server.behave((request) => {
      const form = formOf(request);
      if (form !== answeredBy) return refuse(form);
      const mayAnswer = form !== 'tools' || request.messages.some(({ role }) => role === 'tool');
      return mayAnswer ? { text: claim } : { calls: [{ name: 'assess_fault_probability', input: {} }] };
    });
    const desk = deskFor('propose_root_cause');
    const reasoner = model();
    expect(await reasoner.decide(desk.task, desk.tools)).toMatchObject({ rootCause: 'food-buy', probability: 800 });
    expect([...new Set(server.requests.map(formOf))]).toEqual(asked);
    expect(desk.transcript.usage?.answeredBy).toBe(answeredBy);
    // The next decision starts with what is known to work; tools are tried again, as a server may have been restarted.
    server.requests.length = 0;
    const next = deskFor('propose_root_cause');
    await reasoner.decide(next.task, next.tools);
    expect([...new Set(server.requests.map(formOf))]).toEqual([...new Set(['tools', answeredBy])]);
  });

  test('one that wants no temperature gets none', async () => {
    server.behave((request) =>
      request.temperature === undefined ? decideLikeTheEngine(request) : refuse('temperature'),
    );
    const desk = deskFor('propose_root_cause');
    expect(await model().decide(desk.task, desk.tools)).toMatchObject({ rootCause: 'food-buy' });
    expect(desk.transcript.usage?.answeredBy).toBe('tools');
  });

  test('an answer after loud thinking, in a fence, with a comma too many, counts', async () => {
    const text = `<think>Is it {drink-buy}?</think>Here it is:\n\`\`\`json\n${claim.slice(0, -1)},}\n\`\`\`\nGood luck.`;
    server.behave((_request, count) =>
      count === 1 ? { calls: [{ name: 'assess_fault_probability', input: {} }] } : { text },
    );
    const desk = deskFor('propose_root_cause');
    expect(await model().decide(desk.task, desk.tools)).toMatchObject({ rootCause: 'food-buy', probability: 800 });
  });
});

test('what others wrote proves nothing: neither an alert’s title nor a claim’s reason', async () => {
  server.behave((_request, count) =>
    count === 1
      ? { calls: [{ name: 'judge_claim', input: { rootCause: 'food-buy' } }] }
      : { text: JSON.stringify({ option: 'For', confidence: 900, reason: { en: 'It took 31337 ms.', zh: '慢。' } }) },
  );
  const claim = { faultKind: 'errors', probability: 675, reason: 'food-buy took 31337 ms' };
  const desk = injectedDesk('vote', { claim });
  const intent = await model().decide(desk.task, desk.tools);
  expect(JSON.stringify(intent)).not.toContain('31337');
  expect(words(desk)).toContain('NOT_GROUNDED: In no fetched data: 31337');
});
