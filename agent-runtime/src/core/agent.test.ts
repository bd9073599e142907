import { createClient } from '@dao-gov/node/client';
import { type AlertInput, type ProposalRecord, ROLES, type Role, STEPS, type VoteRecord } from '@dao-gov/node/protocol';
import {
  ChainSimulator,
  developmentGenesis,
  type GenesisOverrides,
  testAgents,
  testSecret,
} from '@dao-gov/node/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { remoteLedger } from '../ledger/index.ts';
import { simulatedGateway } from '../ledger/testing/simulated-gateway.ts';
import { builtinReasoner, scriptedReasoner } from '../reasoners/index.ts';
import { AgentsOnChain } from './testing/agents-on-chain.ts';
import { blindAnalyst, forgedAnalyst } from './testing/forged-analyst.ts';

const REPORT: AlertInput = {
  node: 'train-buy',
  metric: 'response_time',
  at: '2023-10-15T14:00:00.000Z',
  source: 'report-train-buy',
  title: 'Response time of train-buy rises',
};
const CART: AlertInput = {
  node: 'storefront',
  metric: 'request_duration_seconds',
  at: '2025-03-04T09:36:00.000Z',
  source: 'cart-pool-exhaustion',
  title: 'Orders on the storefront are slow',
};

const secretOf = (role: Role): Uint8Array => testSecret(ROLES.indexOf(role) + 1);
const addressOf = (role: Role): string => testAgents.find((agent) => agent.role === role)?.wallet.address ?? '';

let chain: ChainSimulator;
let agents: AgentsOnChain;

function begin(overrides: GenesisOverrides = {}): void {
  // As the report's genesis: nothing is staked yet.
  const accounts = Object.fromEntries(ROLES.map((role) => [role, { stake: 0, ...overrides.accounts?.[role] }]));
  chain = new ChainSimulator({ genesis: developmentGenesis({ ...overrides, accounts }) });
  agents = new AgentsOnChain(chain, secretOf);
}

beforeEach(() => begin());
afterEach(() => agents.stop());

const isIn = (state: string) => () => agents.incident()?.state === state;

function proposal(index = 0): ProposalRecord {
  const found = chain.final().state.get('proposal', agents.incident()?.proposals[index] ?? '');
  if (found === undefined) throw new Error(`no proposal ${index}`);
  return found;
}

const votesOn = ({ proposalId, electorate }: ProposalRecord): readonly (VoteRecord | undefined)[] =>
  electorate.map(({ address }) => chain.final().state.get('vote', proposalId, address));

describe.each([
  { alert: REPORT, rootCause: 'food-buy', faultKind: 'latency' },
  { alert: CART, rootCause: 'cart-store', faultKind: 'dependency' },
])('all seven agents on $alert.source', ({ alert, rootCause, faultKind }) => {
  test('solve the incident, every step by its own role, and the incident is finalized', async () => {
    agents.startAll();
    await agents.raise(alert, 'data_detective');
    await agents.until(isIn('Solution'));
    const incident = agents.incident();
    expect(incident).toMatchObject({ rootCause, faultKind, round: 1 });
    expect(incident?.steps.map(({ step }) => step)).toEqual([...STEPS]);
    for (const { step, by } of incident?.steps ?? []) {
      const role = testAgents.find(({ wallet }) => wallet.address === by)?.role;
      expect(role, step).toBe(
        {
          triage: 'alert_receiver',
          schedule_tasks: 'process_scheduler',
          submit_data_collection: 'data_detective',
          submit_dependency_graph: 'dependency_explorer',
          submit_fault_assessment: 'probability_oracle',
          propose_root_cause: 'probability_oracle',
          submit_fault_web: 'fault_mapper',
          submit_solution: 'solution_engineer',
        }[step],
      );
    }
    const options = votesOn(proposal()).map((vote) => vote?.option);
    expect([options.length, options.includes('Abstain')]).toEqual([6, false]);
    // 1,000 + 100 a point above 50, and the stake that stood when the vote began.
    expect(proposal().electorate.map(({ weight }) => weight)).toEqual(Array(6).fill(1_000 + 3_000 + 200));
    await agents.until(isIn('Finalized'));
    chain.assertConserved();
    const proposer = chain.account(proposal().proposer);
    expect(proposer?.reputation).toBe(85);
    expect(proposer?.balance).toBeGreaterThan(20_000);
  });

  test('every step and every revealed vote carries a transcript that reads as thought, action, observation, answer', async () => {
    agents.startAll();
    await agents.raise(alert, 'alert_receiver');
    await agents.until(isIn('Solution'));
    const transactions = chain.blocks().flatMap(({ block }) => block.transactions);
    for (const transaction of transactions) {
      const [transcript, more] = await agents.transcripts(transaction.evidence);
      expect(more).toBeUndefined();
      if (transaction.type === 'vote') {
        expect(transaction.evidence).toEqual([]);
        continue;
      }
      const types = transcript?.entries.map(({ type }) => type) ?? [];
      expect(types[0], transaction.type).toBe('thought');
      expect(types.at(-1), transaction.type).toBe('answer');
      for (const [index, type] of types.entries()) if (type === 'action') expect(types[index + 1]).toBe('observation');
      const purpose = transaction.type === 'reveal_vote' ? 'vote' : transaction.type;
      expect(transcript).toMatchObject({ purpose, reasoner: 'builtin' });
    }
    const revealed = transactions.filter(({ type }) => type === 'reveal_vote');
    expect(revealed).toHaveLength(6);
  });
});

test('no failed transaction and none too many on the happy path', async () => {
  agents.startAll();
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  const receipts = chain.blocks().flatMap((block) => block.receipts);
  expect(receipts.filter(({ status }) => status === 'failed')).toEqual([]);
  const types = chain.blocks().flatMap(({ block }) => block.transactions.map(({ type }) => type));
  const counts = [...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length] as const);
  expect(Object.fromEntries(counts)).toEqual({
    raise_alert: 1,
    triage: 1,
    schedule_tasks: 1,
    submit_data_collection: 1,
    submit_dependency_graph: 1,
    submit_fault_assessment: 1,
    propose_root_cause: 1,
    stake: 7,
    vote: 6,
    reveal_vote: 6,
    submit_fault_web: 1,
    submit_solution: 1,
  });
});

test.each<readonly [Role, Role]>([
  ['alert_receiver', 'process_scheduler'],
  ['data_detective', 'dependency_explorer'],
  ['probability_oracle', 'fault_mapper'],
  ['dependency_explorer', 'probability_oracle'],
  ['solution_engineer', 'alert_receiver'],
  ['process_scheduler', 'solution_engineer'],
])('without %s and %s the ring solves it', async (first, second) => {
  agents.startAll({}, [first, second]);
  const witness = ROLES.find((role) => role !== first && role !== second) ?? 'data_detective';
  await agents.raise(REPORT, witness);
  await agents.until(isIn('Finalized'));
  expect(agents.incident()).toMatchObject({ rootCause: 'food-buy', round: 1 });
  chain.assertConserved();
});

test('an agent restarted between commitment and reveal reveals what it committed to', async () => {
  agents.startAll();
  await agents.raise(REPORT, 'alert_receiver');
  const restarted = addressOf('solution_engineer');
  const sealed = (): boolean => {
    const id = agents.incident()?.proposalId;
    return id !== undefined && id !== '' && chain.final().state.get('vote', id, restarted) !== undefined;
  };
  await agents.until(sealed);
  expect(chain.final().state.get('vote', proposal().proposalId, restarted)?.option).toBe('');
  await agents.kill('solution_engineer');
  // The same mind under another name, so that the transcript tells in which life it was written.
  agents.start('solution_engineer', { reasoner: { ...builtinReasoner, name: 'second life' } });
  await agents.until(isIn('Solution'));
  const vote = chain.final().state.get('vote', proposal().proposalId, restarted);
  expect(vote).toMatchObject({ option: 'For' });
  expect(vote?.reason?.en).toContain('food-buy');
  const reveals = chain
    .blocks()
    .flatMap(({ block }) => block.transactions.filter(({ type }) => type === 'reveal_vote'));
  const own = reveals.find(({ sender }) => sender === restarted);
  expect((await agents.transcripts(own?.evidence ?? []))[0]).toMatchObject({
    reasoner: 'second life',
    purpose: 'vote',
  });
});

test('a restarted agent whose mind has changed reveals its commitment and says so', async () => {
  agents.startAll();
  await agents.raise(REPORT, 'alert_receiver');
  const voter = addressOf('data_detective');
  await agents.until(() => {
    const id = agents.incident()?.proposalId;
    return id !== undefined && id !== '' && chain.final().state.get('vote', id, voter) !== undefined;
  });
  await agents.kill('data_detective');
  const reason = { en: 'it rained', zh: '下雨了' };
  const moody = scriptedReasoner(
    { vote: () => ({ purpose: 'vote', option: 'Abstain', confidence: 0, reason }) },
    builtinReasoner,
  );
  agents.start('data_detective', { reasoner: moody });
  await agents.until(isIn('Solution'));
  const vote = chain.final().state.get('vote', proposal().proposalId, voter);
  // Whatever it was committed to, it was not what the new mind would have said.
  expect(['For', 'Against']).toContain(vote?.option);
  expect(vote?.reason?.en).toContain('before a restart');
});

test('agents that are killed and started again after every block pay for nothing twice', async () => {
  agents.startAll();
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(() => chain.pendingCount() === 0);
  for (let turn = 0; !isIn('Solution')(); turn += 1) {
    const { height } = chain.final();
    // Once everybody is idle, once in the middle of what they do.
    const role = ROLES[turn % ROLES.length] as Role; // an index into ROLES
    if (turn % 2 === 0) await agents.until(() => chain.pendingCount() > 0 || chain.final().height > height);
    await agents.kill(role);
    agents.start(role);
    await agents.until(() => chain.final().height > height);
  }
  // Early decided, but a commitment that nobody opens forfeits its stake.
  await agents.until(() => proposal().settled);
  expect(agents.incident()).toMatchObject({ rootCause: 'food-buy', round: 1 });
  const receipts = chain.blocks().flatMap((block) => block.receipts);
  expect(receipts.filter(({ status }) => status === 'failed')).toEqual([]);
  for (const role of ROLES) expect(chain.account(addressOf(role))?.stake, role).toBe(200);
  const options = votesOn(proposal()).map((vote) => vote?.option);
  expect([options.length, options.includes('Abstain')]).toEqual([6, false]);
});

test('a lying proposer is voted down and pays; a better claim wins the second round', async () => {
  const lie = scriptedReasoner(
    {
      propose_root_cause: () => ({
        purpose: 'propose_root_cause',
        rootCause: 'drink-buy',
        faultKind: 'errors',
        probability: 1_000,
        reason: { en: 'It calls nobody, so it must be the one.', zh: '它没有下游，所以一定是它。' },
      }),
    },
    builtinReasoner,
  );
  agents.startAll({ probability_oracle: { reasoner: lie } });
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  expect(agents.incident()).toMatchObject({ rootCause: 'food-buy', round: 2 });
  expect(proposal(0)).toMatchObject({ rootCause: 'drink-buy', status: 'rejected', weightFor: 0 });
  expect(votesOn(proposal(0)).map((vote) => vote?.option)).toEqual(Array(6).fill('Against'));
  expect(proposal(1)).toMatchObject({ rootCause: 'food-buy', status: 'passed', proposer: addressOf('fault_mapper') });
  expect(chain.account(addressOf('probability_oracle'))?.reputation).toBe(80 - 5 + 1);
  const failed = chain.blocks().flatMap(({ receipts }) => receipts.filter(({ status }) => status === 'failed'));
  expect(failed).toEqual([]);
  chain.assertConserved();
});

test('a claim about a service that is in no data never reaches the chain', async () => {
  const dream = scriptedReasoner(
    {
      propose_root_cause: () => ({
        purpose: 'propose_root_cause',
        rootCause: 'inventory-service',
        faultKind: 'latency',
        probability: 900,
        reason: { en: 'It is slow.', zh: '它很慢。' },
      }),
    },
    builtinReasoner,
  );
  agents.startAll({ probability_oracle: { reasoner: dream } });
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  // The next of the ring made the claim, once the deadline had passed.
  expect(proposal()).toMatchObject({ rootCause: 'food-buy', proposer: addressOf('fault_mapper'), round: 1 });
});

test('forged evidence is not cited by others, and who forged it stands alone', async () => {
  agents.startAll({ data_detective: { analyst: forgedAnalyst() } });
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  const snapshot = agents.incident()?.steps.find(({ step }) => step === 'submit_data_collection')?.evidence[0];
  expect(proposal()).toMatchObject({ rootCause: 'food-buy', status: 'passed', round: 1 });
  expect(proposal().cites).not.toContain(snapshot);
  const against = votesOn(proposal()).filter((vote) => vote?.option === 'Against');
  expect(against.map((vote) => vote?.voter)).toEqual([addressOf('data_detective')]);
  expect(against[0]?.reason?.en).toContain('does not match what I measure');
});

test('a claim that rests on forged evidence is voted down', async () => {
  const forger = { analyst: forgedAnalyst() };
  agents.startAll({ data_detective: forger, probability_oracle: forger });
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(() => agents.incident()?.proposals.length === 1 && proposal().settled);
  expect(proposal()).toMatchObject({ status: 'rejected' });
  expect(votesOn(proposal()).filter((vote) => vote?.option === 'Against').length).toBeGreaterThanOrEqual(5);
  // Nothing was wrong with the cause, but no claim may be repeated, and nobody believes in another.
  await agents.until(isIn('Inconclusive'));
  expect(agents.incident()?.rootCause).toBe('');
  chain.assertConserved();
});

test('without telemetry of the source nothing is measured, nothing is claimed, and the incident ends inconclusive', async () => {
  begin({ params: { stepDeadlineMs: 2_000 } });
  agents.startAll();
  await agents.raise({ ...REPORT, source: 'elsewhere' }, 'alert_receiver');
  await agents.until(isIn('Inconclusive'));
  expect(agents.incident()?.priority).toBe('P3');
  chain.assertConserved();
});

test('a voter without telemetry of the source abstains with that reason', async () => {
  agents.startAll({ fault_mapper: { analyst: blindAnalyst } });
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Solution'));
  const vote = chain.final().state.get('vote', proposal().proposalId, addressOf('fault_mapper'));
  expect(vote).toMatchObject({ option: 'Abstain', stake: 20 });
  expect(vote?.reason?.en).toContain("no telemetry of this alert's source");
});

test('open votes are cast openly', async () => {
  begin({ params: { votingMode: 'open' } });
  agents.startAll();
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  expect(agents.incident()).toMatchObject({ rootCause: 'food-buy' });
});

test('agents that reach the chain over HTTP solve it all the same', async () => {
  const client = createClient({ baseUrl: 'http://node.test', fetch: simulatedGateway(chain) });
  const remote = async (role: Role) => [role, { ledger: await remoteLedger(client, addressOf(role)) }] as const;
  agents.startAll(Object.fromEntries(await Promise.all(ROLES.map(remote))));
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  expect(agents.incident()).toMatchObject({ rootCause: 'food-buy', round: 1 });
});

test('two incidents at once are both solved', async () => {
  agents.startAll();
  await agents.raise(REPORT, 'alert_receiver');
  await agents.raise(CART, 'data_detective');
  await agents.until(() => ['INC-0001', 'INC-0002'].every((id) => agents.incident(id)?.state === 'Finalized'));
  expect(agents.incident('INC-0001')?.rootCause).toBe('food-buy');
  expect(agents.incident('INC-0002')?.rootCause).toBe('cart-store');
  chain.assertConserved();
});

test('the same alert raised twice by one agent is refused by the chain, and opens nothing', async () => {
  agents.startAll();
  await agents.raise(REPORT, 'alert_receiver');
  await agents.until(isIn('Finalized'));
  const again = await agents.raise(REPORT, 'alert_receiver');
  await agents.until(() => chain.pendingCount() === 0);
  const place = await chain.store.placeOf(again);
  const block = await chain.store.blockAt(place?.height ?? 0);
  expect(block?.receipts[place?.index ?? 0]).toMatchObject({ status: 'failed', reason: 'ALERT_DUPLICATE' });
  expect(agents.incident('INC-0002')).toBeUndefined();
});

test('an account that cannot pay is told so', async () => {
  begin({ accounts: { alert_receiver: { balance: 10 } } });
  agents.start('alert_receiver');
  await expect(agents.raise(REPORT, 'alert_receiver')).rejects.toMatchObject({ code: 'TX_CANNOT_PAY_GAS' });
});

test('a second alert of the same event waits until the incident of the first is solved', async () => {
  agents.startAll();
  await agents.raise(REPORT, 'alert_receiver');
  await agents.raise({ ...REPORT, metric: 'error_rate' }, 'data_detective');
  await agents.until(() => agents.incident('INC-0002') !== undefined);
  expect(['Solution', 'Finalized']).toContain(agents.incident('INC-0001')?.state);
});
