/** Agents falsify, measure outcomes, govern themselves and start anew: in one process, on a simulated chain. */
import {
  type AlertInput,
  type CallArgs,
  type CallType,
  type ChallengeRecord,
  canonicalText,
  evidenceHash,
  intrinsicGas,
  type MotionRecord,
  ROLES,
  type Role,
  walletOf,
} from '@dao-gov/node/protocol';
import {
  ChainSimulator,
  developmentGenesis,
  type GenesisOverrides,
  testParams,
  testSecret,
} from '@dao-gov/node/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtinReasoner, scriptedReasoner } from '../reasoners/index.ts';
import { captureSource } from '../telemetry/index.ts';
import { inlineAnalyst } from './analyst.ts';
import { blobOf, documentOf } from './evidence/blob.ts';
import { agentPolicySchema } from './policy.ts';
import { type AgentOptions, AgentsOnChain, SAMPLES } from './testing/agents-on-chain.ts';
import { type GrowingSource, growingSource } from './testing/growing-source.ts';

const REPORT: AlertInput = {
  node: 'train-buy',
  metric: 'response_time',
  at: '2023-10-15T14:00:00.000Z',
  source: 'report-train-buy',
  title: 'Response time of train-buy rises',
};
/** The chain's time is that of the telemetry: some minutes after the capture ends. */
const NOW_MS = Date.parse('2023-10-15T14:10:00.000Z');

const secretOf = (role: Role): Uint8Array => testSecret(ROLES.indexOf(role) + 1);
const walletAs = (role: Role) => walletOf(secretOf(role));
const addressOf = (role: Role): string => walletAs(role).address;

let chain: ChainSimulator;
let agents: AgentsOnChain;

function begin({ accounts, ...overrides }: GenesisOverrides = {}): void {
  const unstaked = Object.fromEntries(ROLES.map((role) => [role, { stake: 0, ...accounts?.[role] }]));
  // As the testnet's: a stake answers for the fine.
  const params = { voteStakeMin: 60, ...overrides.params };
  const genesis = developmentGenesis({ timestampMs: NOW_MS, ...overrides, params, accounts: unstaked });
  chain = new ChainSimulator({ genesis });
  agents = new AgentsOnChain(chain, secretOf);
}

beforeEach(() => begin());
afterEach(() => agents.stop());

const isIn = (state: string) => () => agents.incident()?.state === state;
const typesOnChain = (): readonly string[] =>
  chain.blocks().flatMap(({ block }) => block.transactions.map(({ type }) => type));
const eventsNamed = (name: string) =>
  chain.blocks().flatMap(({ receipts }) => receipts.flatMap(({ events }) => events.filter((e) => e.name === name)));
const failures = () =>
  chain.blocks().flatMap(({ receipts }) => receipts.filter(({ status }) => status === 'failed').map((r) => r.reason));

function challengeOf(index = 0): ChallengeRecord {
  const found = chain.final().state.get('challenge', agents.incident()?.challenges[index] ?? '');
  if (found === undefined) throw new Error(`no challenge ${index}`);
  return found;
}

const votesOn = ({ proposalId, electorate }: ChallengeRecord | MotionRecord) =>
  electorate.map(({ address }) => chain.final().state.get('vote', proposalId, address));

/** Signs for an agent that does not run. */
async function submitAs<T extends CallType>(role: Role, type: T, args: CallArgs[T], blobs: readonly Uint8Array[] = []) {
  const wallet = walletAs(role);
  const call = { args: canonicalText(args), evidence: blobs.map(evidenceHash) };
  const transaction = wallet.sign({
    ...{ chainId: chain.genesis.chainId, type, sender: wallet.address, publicKey: wallet.publicKey },
    ...{ nonce: chain.account(wallet.address)?.nonce ?? 0, gasPrice: 1, gasLimit: Math.max(200, intrinsicGas(call)) },
    ...call,
  });
  await chain.submit({ transaction, blobs });
}

interface Cast {
  readonly options: Partial<Record<Role, AgentOptions>>;
  /** Of the fault mapper. */
  readonly source: GrowingSource;
}

/** One analysis for all who see the same: seven of them would only take seven times as long. */
const everybody = (options: AgentOptions): Partial<Record<Role, AgentOptions>> =>
  Object.fromEntries(ROLES.map((role) => [role, options]));

/** Everybody's telemetry first lacks the node at fault, and the fault mapper's does not answer at all. */
function misled(): Cast {
  const source = growingSource({ late: 'food-buy' });
  source.reachable = false;
  const shared = inlineAnalyst(growingSource({ late: 'food-buy' }));
  return { source, options: { ...everybody({ analyst: shared }), fault_mapper: { analyst: inlineAnalyst(source) } } };
}

async function untilSolvedWrongly({ options, source }: Cast): Promise<void> {
  agents.startAll(options);
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Solution'));
  expect(agents.incident()).toMatchObject({ rootCause: 'train-buy', round: 1 });
  source.reachable = true;
}

describe.each(['sealed', 'open'] as const)('with %s votes', (votingMode) => {
  test('a wrong claim is challenged with newer evidence, voted on, overturned, and a right one takes its place', async () => {
    begin({ params: { votingMode } });
    await untilSolvedWrongly(misled());
    await agents.until(() => agents.incident()?.challenges.length === 1 && challengeOf().settled);
    const challenge = challengeOf();
    expect(challenge).toMatchObject({ proposer: addressOf('fault_mapper'), result: 'upheld', decidedBy: 'vote' });
    expect(challenge.reason.en).toContain('food-buy');
    const documents = await Promise.all(challenge.newEvidence.map((hash) => chain.store.evidence(hash)));
    expect(documents.map((blob) => blob && documentOf(blob)?.kind)).toEqual(['metrics_snapshot', 'fault_assessment']);
    const cast = new Map(votesOn(challenge).map((vote) => [vote?.voter, vote?.option]));
    // Each by its own view: by metrics alone both are as ill, all else tells them apart. An open vote ends as soon as it is decided.
    for (const [role, option] of [
      ['alert_receiver', 'For'],
      ['process_scheduler', 'For'],
      ['data_detective', 'Against'],
      ['dependency_explorer', 'For'],
      ['solution_engineer', 'For'],
    ] as const) {
      const allowed = votingMode === 'sealed' ? [option] : [option, undefined];
      expect(allowed, role).toContain(cast.get(addressOf(role)));
    }
    expect([...cast.values()].filter((option) => option === 'For').length).toBeGreaterThanOrEqual(3);
    const claim = chain.final().state.get('proposal', challenge.claim);
    expect(claim).toMatchObject({ rootCause: 'train-buy', status: 'overturned', overturnedBy: 'challenge' });
    await agents.until(isIn('Finalized'));
    expect(agents.incident()).toMatchObject({ rootCause: 'food-buy', round: 2 });
    expect(agents.incident()?.challenges).toHaveLength(1);
    expect(failures()).toEqual([]);
    chain.assertConserved();
  });
});

test('a voter on a challenge leaves a transcript that says what it judged', async () => {
  begin({ params: { votingMode: 'open' } });
  await untilSolvedWrongly(misled());
  await agents.until(() => agents.incident()?.challenges.length === 1 && challengeOf().settled);
  const vote = votesOn(challengeOf()).find((cast) => cast?.voter === addressOf('process_scheduler'));
  const [transcript] = await agents.transcripts(vote?.evidence ?? []);
  expect(transcript).toMatchObject({ purpose: 'vote_challenge', incidentId: 'INC-0001' });
  expect(transcript?.entries.map(({ type, tool }) => tool ?? type)).toEqual([
    'thought',
    'check_evidence',
    'check_evidence',
    'judge_claim',
    'judge_claim',
    'answer',
  ]);
});

describe('nobody challenges', () => {
  const isQuiet = async (): Promise<void> => {
    await agents.until(isIn('Finalized'));
    expect(agents.incident()?.challenges).toEqual([]);
    expect(failures()).toEqual([]);
  };

  test('when the newer evidence agrees, however much a reasoner would like to', async () => {
    const eager = scriptedReasoner(
      { challenge: () => ({ purpose: 'challenge', rootCause: 'train-buy', reason: { en: 'I feel so', zh: '直觉' } }) },
      builtinReasoner,
    );
    const source = growingSource({});
    source.reachable = false;
    const shared = everybody({ analyst: inlineAnalyst(growingSource({})) });
    agents.startAll({ ...shared, fault_mapper: { analyst: inlineAnalyst(source), reasoner: eager } });
    await agents.raise(REPORT, 'alert_receiver');
    await agents.until(isIn('Solution'));
    source.reachable = true;
    await isQuiet();
    expect(agents.incident()).toMatchObject({ rootCause: 'food-buy', round: 1 });
  });

  test('when the source is a recording, which has nothing newer', async () => {
    const cast = misled();
    const recording = captureSource(SAMPLES);
    const { source } = cast;
    const analyst = inlineAnalyst({
      list: recording.list,
      capture: (id, alert, window) => (source.reachable ? recording.capture(id, alert, window) : source.capture(id)),
    });
    await untilSolvedWrongly({ ...cast, options: { ...cast.options, fault_mapper: { analyst } } });
    await isQuiet();
  });

  test('when the limit of its policy is not reached', async () => {
    const policy = agentPolicySchema.parse({ challenge: { probabilityMin: 990 } });
    const { options, source } = misled();
    await untilSolvedWrongly({ source, options: { ...options, fault_mapper: { ...options.fault_mapper, policy } } });
    await isQuiet();
  });

  test('when the bond is more than it can afford', async () => {
    begin({ accounts: { fault_mapper: { balance: 3_000, reputation: 50 } }, params: { proposalStakeMin: 2_000 } });
    await untilSolvedWrongly(misled());
    await isQuiet();
  });
});

test('a challenge of a right claim with figures that nobody measures is voted down and costs its bond', async () => {
  agents.startAll(everybody({ analyst: inlineAnalyst(growingSource({})) }), ['fault_mapper']);
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Solution'));
  const claim = chain.final().state.get('proposal', agents.incident()?.proposalId ?? '');
  const bond = claim?.stake ?? 0;
  await submitAs('fault_mapper', 'stake', { amount: bond });
  await agents.until(() => chain.account(addressOf('fault_mapper'))?.stake === bond);
  const forged = blobOf({
    ...{ kind: 'metrics_snapshot', incidentId: 'INC-0001', atMs: 0, windowFromMs: 0, windowToMs: 9, silentNodes: [] },
    series: [
      {
        ...{ node: 'food-buy', metric: 'error_rate', metricKind: 'error', value: '0.1', baseline: null },
        ...{ deviation: null, onsetMs: null, samples: 0 },
      },
    ],
  });
  const reason = { en: 'the kitchen was idle', zh: '厨房空闲' };
  const args = { incidentId: 'INC-0001', bond, cites: [evidenceHash(forged)], reason };
  await submitAs('fault_mapper', 'challenge', args, [forged]);
  await agents.until(() => agents.incident()?.challenges.length === 1 && challengeOf().settled);
  expect(challengeOf()).toMatchObject({ result: 'failed', weightFor: 0 });
  expect(votesOn(challengeOf()).map((vote) => vote?.option)).toEqual(Array(5).fill('Against'));
  expect(chain.account(addressOf('fault_mapper'))?.stake).toBe(0);
  await agents.until(isIn('Finalized'));
  expect(agents.incident()).toMatchObject({ rootCause: 'food-buy', round: 1 });
});

describe('the outcome', () => {
  // Outcomes alone: what goes on at the alerting node only would speak for another cause too.
  const policy = agentPolicySchema.parse({
    outcome: { holdMs: 10_000, pollMs: 1_000 },
    challenge: { probabilityMin: 1_000 },
  });
  const startWith = (afterwards: number | undefined): void => {
    const analyst = inlineAnalyst(growingSource(afterwards === undefined ? {} : { afterwards }));
    agents.startAll(everybody({ policy, analyst }));
  };
  const reportsOf = () => agents.incident()?.outcomeReports ?? [];

  test('recovered is reported by two agents in their turn, each with its own figures, and ends the window', async () => {
    startWith(1);
    await agents.raise(REPORT, 'alert_receiver');
    await agents.until(isIn('Finalized'));
    expect(eventsNamed('IncidentFinalized')).toMatchObject([{ data: { verified: true, rootCause: 'food-buy' } }]);
    expect(reportsOf().map(({ by, recovered }) => [by, recovered])).toEqual([
      [addressOf('data_detective'), true],
      [addressOf('dependency_explorer'), true],
    ]);
    const solvedAtMs = agents.incident()?.stepOpenedAtMs ?? 0;
    // Not before the symptom was away for as long as the policy says.
    expect(reportsOf()[0]?.atMs).toBeGreaterThanOrEqual(solvedAtMs + 10_000);
    for (const { metrics } of reportsOf()) {
      const blob = await chain.store.evidence(metrics);
      expect(blob && documentOf(blob)).toMatchObject({
        ...{ kind: 'outcome_measurement', recovered: true },
        readings: expect.arrayContaining([expect.objectContaining({ node: 'train-buy', outside: 0 })]),
      });
    }
    expect(failures()).toEqual([]);
    chain.assertConserved();
  });

  test('a symptom that persists is reported as the window closes, and the claim falls', async () => {
    startWith(100);
    await agents.raise(REPORT, 'alert_receiver');
    await agents.until(() => reportsOf().length > 0);
    const { challengeWindowMs } = testParams;
    const endsAtMs = agents.incident()?.challengeEndsAtMs ?? 0;
    expect(reportsOf()[0]).toMatchObject({ recovered: false });
    expect(reportsOf()[0]?.atMs).toBeGreaterThanOrEqual(endsAtMs - challengeWindowMs / 4);
    await agents.until(() => eventsNamed('ClaimOverturned').length > 0);
    expect(eventsNamed('ClaimOverturned')).toMatchObject([{ data: { by: 'outcome', rootCause: 'food-buy' } }]);
    // Those whose turn it is by then measure the same, and may report in the same block.
    expect(new Set(reportsOf().map(({ by }) => by)).size).toBeGreaterThanOrEqual(2);
    expect(reportsOf().every(({ recovered }) => !recovered)).toBe(true);
  });

  test.each([
    ['a source that observes nothing after the fix', undefined],
    ['a recording', 'recording'],
  ] as const)('%s reports nothing, and the window runs its time', async (_, kind) => {
    if (kind === undefined) startWith(undefined);
    else agents.startAll(everybody({ policy, analyst: inlineAnalyst(captureSource(SAMPLES)) }));
    await agents.raise(REPORT, 'alert_receiver');
    await agents.until(isIn('Finalized'));
    expect(typesOnChain()).not.toContain('verify_outcome');
    expect(eventsNamed('IncidentFinalized')).toMatchObject([{ data: { verified: false } }]);
  });
});

describe('motions', () => {
  const MOVER: Role = 'process_scheduler';
  const motionOf = (): MotionRecord | undefined => {
    const id = chain.final().state.get('government')?.open[0];
    return id === undefined ? undefined : chain.final().state.get('motion', id);
  };
  const reason = { en: 'Votes need a little more time.', zh: '投票需要更多时间。' };

  async function decided(type: 'propose_parameters' | 'propose_spending', args: object): Promise<MotionRecord> {
    agents.startAll({}, [MOVER]);
    await submitAs(MOVER, 'stake', { amount: 100 });
    await agents.until(() => chain.account(addressOf(MOVER))?.stake === 100);
    await submitAs(MOVER, type, { ...args, stake: 100, reason } as CallArgs[typeof type]);
    await agents.until(() => motionOf() !== undefined);
    const { proposalId } = motionOf() as MotionRecord; // just seen
    const record = () => chain.final().state.get('motion', proposalId);
    await agents.until(() => record()?.settled === true);
    return record() as MotionRecord; // motions stay in the state
  }

  test('a moderate change is voted through and takes effect with the next epoch', async () => {
    begin({ epochBlocks: 20 });
    const motion = await decided('propose_parameters', { changes: [{ name: 'commitWindowMs', value: 12_000 }] });
    expect(motion).toMatchObject({ status: 'passed', weightAgainst: 0 });
    const votes = votesOn(motion);
    expect(votes.filter((vote) => vote?.option === 'For').length).toBeGreaterThanOrEqual(4);
    const [transcript] = await agents.transcripts(votes.find((vote) => vote !== undefined)?.evidence ?? []);
    expect(transcript).toMatchObject({ purpose: 'vote_motion', incidentId: '' });
    await agents.until(() => chain.final().state.get('params')?.commitWindowMs === 12_000);
    expect(failures()).toEqual([]);
    chain.assertConserved();
  });

  test('a payment of the mover to itself is voted down, also when a reasoner would grant it', async () => {
    const generous = scriptedReasoner(
      { vote_motion: () => ({ purpose: 'vote_motion', option: 'For', reason: { en: 'why not', zh: '可以' } }) },
      builtinReasoner,
    );
    agents.start('fault_mapper', { reasoner: generous });
    const motion = await decided('propose_spending', { to: addressOf(MOVER), amount: 5_000 });
    expect(motion).toMatchObject({ status: 'rejected', weightFor: 0 });
  });
});

test('an agent whose account is rebooted drops its memory, and says so', async () => {
  begin({ accounts: { solution_engineer: { balance: 700 } } });
  const logged: string[] = [];
  const inner = inlineAnalyst(captureSource(SAMPLES));
  let forgotten = 0;
  const analyst = {
    ...inner,
    forget: () => {
      forgotten += 1;
      inner.forget();
    },
  };
  let counted = 0;
  const sink = {
    log: (_level: string, message: string) => void logged.push(message),
    count: (name: string) => {
      if (name === 'agent_reboots') counted += 1;
    },
    observe: () => {},
  };
  agents.startAll({ ...everybody({ analyst: inner }), solution_engineer: { analyst, sink } });
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  const address = addressOf('solution_engineer');
  expect(eventsNamed('AgentRebooted')).toMatchObject([{ data: { address } }]);
  await agents.until(() => logged.includes('rebooted after a bankruptcy'));
  expect(chain.account(address)).toMatchObject({ reboots: 1, reputation: 50 });
  expect([forgotten, counted]).toEqual([1, 1]);
});

test('a solution cites the incidents of this chain that were alike, with what became of them', async () => {
  agents.startAll(everybody({ analyst: inlineAnalyst(captureSource(SAMPLES)) }));
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  await agents.raise({ ...REPORT, at: '2023-10-15T14:00:30.000Z' }, 'data_detective');
  await agents.until(() => agents.incident('INC-0002')?.state === 'Solution');
  const step = agents.incident('INC-0002')?.steps.find((done) => done.step === 'submit_solution');
  expect(step?.summary).toContain('INC-0001 (stood)');
  const blob = await chain.store.evidence(step?.evidence[0] ?? '');
  expect(blob && documentOf(blob)).toMatchObject({
    kind: 'solution',
    similar: [{ incidentId: 'INC-0001', rootCause: 'food-buy', faultKind: 'latency', outcome: 'stood' }],
  });
});
