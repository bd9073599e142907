import { ChainSimulator } from '@dao-gov/node/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentSink } from '../core/ports.ts';
import { builtinReasoner } from './builtin/index.ts';
import { priorityOf } from './builtin/priority.ts';
import { createReasoner, reasonerConfigOf } from './create.ts';
import { scriptedReasoner } from './scripted.ts';
import { decideLikeTheEngine, ModelServer } from './testing/model-server.ts';
import { deskFor, reasonerCompliance } from './testing/reasoner-compliance.ts';

const { clock } = new ChainSimulator();
const server = new ModelServer();
beforeAll(() => server.listen());
afterAll(() => server.close());

reasonerCompliance('builtin', async () => builtinReasoner);
reasonerCompliance('scripted', async () => scriptedReasoner({ triage: builtinReasoner.decide }, builtinReasoner));
reasonerCompliance('openai', async () => {
  server.behave(decideLikeTheEngine);
  const config = reasonerConfigOf('openai', { OPENAI_BASE_URL: server.baseUrl, OPENAI_MODEL: 'test-model' });
  // This model does nothing wrong: were the deterministic reasoner to step in, the suite would test that one twice.
  const log = (_level: string, message: string): void => {
    throw new Error(message);
  };
  return createReasoner(config, { clock, sink: { ...silentSink, log } });
});

describe('what a configuration gives', () => {
  test('nothing set: the deterministic reasoner, and nobody is contacted', async () => {
    const reasoner = await createReasoner(reasonerConfigOf('openai', {}), { clock, sink: silentSink });
    expect(reasoner).toBe(builtinReasoner);
    expect(
      await createReasoner(reasonerConfigOf('builtin', { OPENAI_API_KEY: 'k' }), { clock, sink: silentSink }),
    ).toBe(builtinReasoner);
  });

  test('an address or a key: the model, by its name', async () => {
    for (const set of [{ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }, { OPENAI_API_KEY: 'k' }]) {
      const config = reasonerConfigOf('openai', { ...set, OPENAI_MODEL: 'some-model' });
      expect((await createReasoner(config, { clock, sink: silentSink })).name).toBe('openai:some-model');
    }
  });

  test('an unusable address is refused when the process starts', () => {
    expect(() => reasonerConfigOf('openai', { OPENAI_BASE_URL: 'not a url' })).toThrow();
  });
});

describe('priority', () => {
  test.each([
    [0.9, 1, 'P1'],
    [0.3, 1, 'P2'],
    [0.1, 1, 'P3'],
    [0, 1, 'P4'],
    [null, 1, 'P3'],
    [0.3, 2, 'P1'],
    [0, 3, 'P3'],
    [null, 2, 'P2'],
    [0.9, 5, 'P1'],
  ] as const)('severity %s seen %i times is %s', (severity, sightings, priority) => {
    expect(priorityOf(severity, sightings).priority).toBe(priority);
  });
});

test('the builtin vote refuses evidence that contradicts its own data', async () => {
  const desk = deskFor('vote');
  const discrepancy = { en: 'the snapshot states 1, I see 2', zh: '快照为 1，实为 2' };
  Object.assign(desk.tools, { use: async () => ({ compared: 3, unreadable: 0, discrepancies: [discrepancy] }) });
  const intent = await builtinReasoner.decide(desk.task, desk.tools);
  expect(intent).toMatchObject({ option: 'Against', reason: { en: expect.stringContaining(discrepancy.en) } });
});
