import { beforeAll, describe, expect, test } from 'vitest';
import { type Findings, views } from '../analysis/index.ts';
import { inlineAnalyst } from '../core/analyst.ts';
import { AnalystError } from '../core/errors.ts';
import { TranscriptRecorder } from '../core/evidence/transcript.ts';
import { SAMPLES } from '../core/testing/agents-on-chain.ts';
import { captureSource } from '../telemetry/index.ts';
import {
  type AnyTool,
  assessFaultProbability,
  buildFaultWeb,
  checkEvidence,
  compareWithDownstream,
  judgeClaim,
  listRepairSteps,
  queryDependencies,
  queryLogs,
  queryMetrics,
  queryTraces,
  readAlerts,
  readPastCases,
  ToolBox,
  type ToolContext,
} from './index.ts';

const alert = {
  ...{ node: 'train-buy', metric: 'response_time', atMs: Date.parse('2023-10-15T14:00:00Z') },
  ...{ source: 'report-train-buy', title: 'Response time of train-buy rises', observers: 2, alike: 1 },
};
let findings: Findings;
let traced: Findings;
beforeAll(async () => {
  const analyst = inlineAnalyst(captureSource(SAMPLES));
  findings = await analyst.analyse('report-train-buy');
  traced = await analyst.analyse('cart-pool-exhaustion');
});

const contextOver = (own: () => Promise<Findings>): ToolContext => ({
  alert,
  view: views.A3,
  findings: own,
  checkEvidence: async () => ({
    compared: 9,
    unreadable: 1,
    discrepancies: [{ en: 'the snapshot states 1, I see 2', zh: '快照为 1，实为 2' }],
  }),
  pastCases: async () => [{ incidentId: 'INC-0003', rootCause: 'food-buy', faultKind: 'errors', outcome: 'verified' }],
});
const context = (): ToolContext => contextOver(async () => findings);
const ALL: readonly AnyTool[] = [
  ...[assessFaultProbability, buildFaultWeb, checkEvidence, compareWithDownstream, judgeClaim, listRepairSteps],
  ...[queryDependencies, queryLogs, queryMetrics, queryTraces, readAlerts, readPastCases],
];

/** Each tool with an input, and what its text says of the report's case. */
const CASES = [
  [readAlerts, {}, 'seen by 2, 1 alike waiting', '2 个观察者'],
  [queryMetrics, { nodes: ['food-buy', 'drink-buy'] }, 'error rate 100 %', 'drink-buy（无数据）'],
  [queryDependencies, { node: 'food-buy' }, 'called by train-buy, calls drink-buy, food-cancel', '上游：train-buy'],
  [readPastCases, {}, 'INC-0003: food-buy, errors, recovery measured', 'INC-0003：food-buy，errors，已测得恢复'],
  [queryTraces, { node: 'food-buy' }, 'no spans of food-buy were captured', '没有采集到 food-buy 的 span'],
  [queryLogs, { node: 'food-buy' }, 'no error records of food-buy were captured', '没有采集到 food-buy 的错误日志'],
  [assessFaultProbability, {}, 'food-buy 9', 'food-buy 9'],
  [compareWithDownstream, { node: 'food-buy' }, 'food-cancel (normal: ', '下游：drink-buy（无数据）'],
  [
    buildFaultWeb,
    { rootCause: 'food-buy' },
    'from food-buy the fault spread to train-buy',
    '故障由 food-buy 传播至 train-buy',
  ],
  [listRepairSteps, { rootCause: 'food-buy' }, 'Repair food-buy: slow processing', '共 7 步'],
  [judgeClaim, { rootCause: 'food-buy' }, 'by metrics: ', '本视角：'],
  [checkEvidence, {}, '9 figures and calls compared, 1 differ: the snapshot states 1', '1 份无法读取'],
] as const;

describe.each(CASES)('$0.name', (tool, input, en, zh) => {
  test('answers in both languages, with figures', async () => {
    const transcript = new TranscriptRecorder();
    const box = new ToolBox([tool], context(), transcript);
    const result = await box.call(tool.name, input);
    expect(result).toMatchObject({
      ok: true,
      text: { en: expect.stringContaining(en), zh: expect.stringContaining(zh) },
    });
    expect(transcript.entries).toMatchObject([
      { type: 'action', tool: tool.name },
      { type: 'observation', tool: tool.name, text: { en: expect.stringContaining(en) } },
    ]);
    expect(box.observed).toHaveLength(1);
  });

  test('gives plain data', async () => {
    const { data } = (await new ToolBox([tool], context(), new TranscriptRecorder()).call(tool.name, input)) as {
      data: unknown;
    };
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  test('refuses an input of another form', async () => {
    const result = await new ToolBox([tool], context(), new TranscriptRecorder()).call(tool.name, {
      nothing: 'like it',
    });
    expect(result.ok).toBe(false);
  });
});

test.each(CASES.filter(([, input]) => 'node' in input || 'nodes' in input || 'rootCause' in input))(
  '$0.name knows no invented service',
  async (tool, input) => {
    if (tool === judgeClaim) return;
    const invented = JSON.parse(JSON.stringify(input).replaceAll('food-buy', 'inventory-service')) as unknown;
    const transcript = new TranscriptRecorder();
    const result = await new ToolBox([tool], context(), transcript).call(tool.name, invented);
    expect(result).toMatchObject({
      ok: false,
      text: { en: 'inventory-service appears nowhere in the captured data.' },
    });
    expect(transcript.entries.at(-1)).toMatchObject({
      type: 'observation',
      text: { zh: '采集的数据中没有 inventory-service。' },
    });
  },
);

test('traces and logs are quoted where they were captured', async () => {
  const box = new ToolBox(
    [queryTraces, queryLogs],
    contextOver(async () => traced),
    new TranscriptRecorder(),
  );
  expect(await box.use(queryTraces, { node: 'cart' })).toMatchObject({ captured: true, node: 'cart' });
  const logged = traced.nodes.find(({ logs }) => logs !== null)?.node ?? '';
  expect(await box.use(queryLogs, { node: logged })).toMatchObject({ captured: true });
});

test('a silent node has no figures, and its absence is not zero', async () => {
  const [silent] = await new ToolBox([queryMetrics], context(), new TranscriptRecorder()).use(queryMetrics, {
    nodes: ['drink-buy'],
  });
  expect(silent).toMatchObject({ status: 'silent', since: null });
  for (const { value } of silent?.metrics ?? []) expect(value).toBeNull();
});

test('a tool that the duty does not allow is not there', async () => {
  const transcript = new TranscriptRecorder();
  const box = new ToolBox([readAlerts], context(), transcript);
  expect(await box.call('list_repair_steps', { rootCause: 'food-buy' })).toMatchObject({ ok: false });
  await expect(box.use(judgeClaim, { rootCause: 'food-buy' })).rejects.toMatchObject({ code: 'TOOL_UNKNOWN' });
  expect(box.observed).toEqual([]);
  expect(transcript.entries.map(({ type }) => type)).toEqual(['action', 'observation', 'action', 'observation']);
});

test('missing telemetry is an observation, not a crash', async () => {
  const blind = contextOver(async () => {
    throw new AnalystError('TELEMETRY_UNAVAILABLE', 'no capture');
  });
  const transcript = new TranscriptRecorder();
  const box = new ToolBox([queryMetrics], blind, transcript);
  expect(await box.call('query_metrics', { nodes: ['food-buy'] })).toMatchObject({
    ok: false,
    text: { en: 'no telemetry: no capture' },
  });
  await expect(box.use(queryMetrics, { nodes: ['food-buy'] })).rejects.toMatchObject({ code: 'TELEMETRY_UNAVAILABLE' });
});

test('without a claim there is no evidence to check', async () => {
  const box = new ToolBox([checkEvidence], { ...context(), checkEvidence: undefined }, new TranscriptRecorder());
  expect(await box.call('check_evidence', {})).toMatchObject({ ok: false });
});

test('names are unique, and no tool has a word for tokens, stakes or keys', () => {
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  for (const { name } of ALL) expect(name).toMatch(/^(read|query|assess|compare|build|list|judge|check)_/);
});
