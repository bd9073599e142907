/** The main job on seven real processes: from alert to verdict, rewards, audit; and refusals of what is not allowed. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { canonicalText, fromHex, type IncidentDetail, type Transaction, walletOf } from '@dao-gov/node/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../testnet/api.ts';
import { NODES, ROOT } from '../testnet/testnet.ts';
import { verifyFile } from '../verify/verify-file.ts';
import { agreedHeight, blocksAt, type Fixture, raiseIncident, startTestnet, untilState } from './support.ts';

const exec = promisify(execFile);

let fixture: Fixture;
let incident: IncidentDetail;

beforeAll(async () => {
  fixture = await startTestnet();
  const client = fixture.client(4);
  incident = await untilState(client, await raiseIncident(client), 'Finalized', 'Inconclusive');
  // What node 4 has is then read at others.
  await blocksAt(fixture, NODES, (await client.chain()).height);
});
afterAll(() => fixture?.end());

const walletOfNode = (node: number) => {
  const file = join(fixture.testnet.directory, `node-${node}`, 'wallet.key');
  return walletOf(fromHex(readFileSync(file, 'utf8').trim(), 32));
};

async function transactionOf(
  node: number,
  type: string,
  args: unknown,
  changes: Partial<Transaction> = {},
): Promise<Transaction> {
  const wallet = walletOfNode(node);
  const { nextNonce } = await fixture.client(1).account(wallet.address);
  const { chainId } = await fixture.client(1).chain();
  const { signature, ...unsigned } = { signature: '', ...changes };
  const signed = wallet.sign({
    chainId,
    type,
    sender: wallet.address,
    publicKey: wallet.publicKey,
    nonce: nextNonce,
    gasPrice: 1,
    gasLimit: 400,
    args: canonicalText(args),
    evidence: [],
    ...unsigned,
  });
  return signature ? { ...signed, signature } : signed;
}

const submit = (transaction: Transaction) => fixture.client(2).submit(transaction, []);

describe('one incident on seven processes', () => {
  it('ends with the right root cause, its figures, and a path through every step', () => {
    expect(incident).toMatchObject({ state: 'Finalized', rootCause: 'food-buy' });
    expect(incident.steps.map(({ step }) => step)).toEqual([
      'triage',
      'schedule_tasks',
      'submit_data_collection',
      'submit_dependency_graph',
      'submit_fault_assessment',
      'propose_root_cause',
      'submit_fault_web',
      'submit_solution',
    ]);
    expect(incident.proposals[0]?.reason.en).toMatch(/22,?220/);
    expect(incident.proposals[0]?.votes.filter(({ status }) => status === 'revealed').length).toBeGreaterThanOrEqual(4);
  });

  it('pays the report’s rewards, from the treasury, and conserves every token', async () => {
    const { agents, treasury } = await fixture.client(3).economics();
    const held = agents.reduce((sum, { balance, stake, bond }) => sum + balance + stake + bond, 0);
    expect(held + treasury.balance + treasury.escrow + treasury.burned).toBe(treasury.genesisSupply + treasury.minted);
    const proposer = agents.find(({ party }) => party.address === incident.proposals[0]?.proposer.address);
    expect(proposer?.reputation).toBe(85);
    const log = await fixture.client(3).events({ limit: 200 });
    const amounts = (name: string) => log.items.filter((event) => event.name === name).map(({ data }) => data.amount);
    expect(amounts('Bounty')).toEqual([1_000]);
    expect(amounts('Reward')).toContain(800);
    expect(amounts('Reward').filter((amount) => amount === 300).length).toBeGreaterThanOrEqual(4);
  });

  it('all nodes agree on every block and on the state', async () => {
    expect(await agreedHeight(fixture)).toBeGreaterThan(10);
  });

  it('every thought and action is anchored and readable on any node', async () => {
    const { items } = await fixture.client(7).log({ limit: 200 });
    for (const kind of ['thought', 'action', 'observation', 'event'])
      expect(items.map((line) => line.kind)).toContain(kind);
  });

  it('gives an audit bundle that verifies offline, and fails when one byte is changed', async () => {
    const bundle = join(fixture.testnet.directory, 'bundle.json');
    const genesis = join(fixture.testnet.directory, 'genesis.json');
    const text = await fixture.client(6).bundleText(incident.incidentId);
    writeFileSync(bundle, text);
    expect(await verifyFile(bundle, genesis)).toMatchObject({ ok: true });
    writeFileSync(bundle, text.replace('food-buy', 'food-bux'));
    const broken = await verifyFile(bundle, genesis);
    expect(broken.ok).toBe(false);
    expect(broken.failedStep).toBeTruthy();
  });
});

describe('what is not allowed', () => {
  it.each([
    ['TX_NONCE_USED', { nonce: 0 }],
    ['TX_WRONG_CHAIN', { chainId: 'another' }],
    ['TX_BAD_SIGNATURE', { signature: `${'1'.repeat(63)}2`.repeat(2) }],
    ['TX_UNKNOWN_TYPE', { type: 'reward' }],
  ] as const)('is refused with %s', async (code, changes) => {
    const transaction = await transactionOf(3, 'stake', { amount: 1 }, changes);
    await expect(submit(transaction)).rejects.toMatchObject({ code });
  });

  it.each([
    ['root cause before data', 5, 'propose_root_cause', 'INCIDENT_CLOSED'],
    ['solution without consensus', 7, 'submit_solution', 'INCIDENT_CLOSED'],
    ['a vote without a proposal', 3, 'vote', 'NO_PROPOSAL'],
    ['an unaffordable stake', 6, 'stake', 'INSUFFICIENT_BALANCE'],
  ] as const)('fails on chain: %s', async (_case, node, type, reason) => {
    const { incidentId } = incident;
    const args = {
      propose_root_cause: {
        incidentId,
        rootCause: 'x',
        faultKind: 'errors',
        probability: 900,
        reason: { en: 'a', zh: 'b' },
        stake: 100,
        cites: ['ab'.repeat(32)],
      },
      submit_solution: { incidentId, solution: 'ab'.repeat(32), summary: 's', steps: 1 },
      vote: { proposalId: 'cd'.repeat(32), stake: 60, commitment: 'ef'.repeat(32) },
      stake: { amount: 10_000_000 },
    }[type];
    const transaction = await transactionOf(node, type, args);
    const before = await fixture.client(1).account(transaction.sender);
    const { hash } = await submit(transaction);
    const detail = await waitFor('its receipt', 30_000, async () => {
      const found = await fixture.client(1).transaction(hash);
      return found.status !== 'pending' && found;
    });
    expect(detail).toMatchObject({ status: 'failed', reason });
    expect(detail.detail).not.toBe('');
    const after = await fixture.client(1).account(transaction.sender);
    expect({ ...after, nonce: 0, nextNonce: 0, balance: 0 }).toEqual({ ...before, nonce: 0, nextNonce: 0, balance: 0 });
    expect(after.balance).toBe(before.balance - detail.fee);
  });
});

describe('bad input at the gateway', () => {
  it.each([
    ['GET', '/api/block/abc', undefined, 400],
    ['GET', '/api/block/99999999', undefined, 404],
    ['GET', `/api/block/${'9'.repeat(400)}`, undefined, 400],
    ['GET', '/api/tx/zz', undefined, 400],
    ['GET', `/api/tx/${'a'.repeat(64)}`, undefined, 404],
    ['GET', '/api/blocks?limit=-1', undefined, 400],
    ['GET', '/api/events?limit=1e9', undefined, 400],
    ['GET', '/api/incidents/INC-9999', undefined, 404],
    ['GET', '/api/evidence/..%2f..%2fetc', undefined, 400],
    ['GET', '/api/nothing', undefined, 404],
    ['DELETE', '/api/blocks', undefined, 405],
    ['POST', '/api/tx', '{', 400],
    ['POST', '/api/tx', '[]', 400],
    ['POST', '/api/tx', JSON.stringify({ blobs: [], transaction: { chainId: 'x'.repeat(3_000_000) } }), 413],
    ['POST', '/api/alerts', JSON.stringify({ node: 1 }), 400],
  ] as const)('%s %s is a typed problem', async (method, path, body, status) => {
    const response = await fetch(`${fixture.testnet.url(5)}${path}`, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = await response.json();
    expect(problem).toMatchObject({ status, code: expect.stringMatching(/^[A-Z_]+$/) });
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\bat .*\.ts:/);
  });

  it('exports whole tables from any node, and nothing where a file cannot be whole', async () => {
    const out = join(fixture.testnet.directory, 'settlements.csv');
    const run = (...args: readonly string[]) =>
      exec(process.execPath, [join(ROOT, 'scripts/export.ts'), '--url', fixture.testnet.url(3), ...args]);
    const { stdout } = await run('--what', 'settlements', '--out', out, '--json');
    const bytes = readFileSync(out);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ format: 'csv', bytes: bytes.length });
    expect(bytes.toString('utf8')).toContain(',RewardEscrowed,');
    await expect(run('--what', 'blocks', '--out', `${out}.json`, '--from', '9', '--to', '2')).rejects.toMatchObject({
      code: 2,
    });
    expect(existsSync(`${out}.json`)).toBe(false);
  });

  it('moves a motion from the command line, and the agents decide by themselves', async () => {
    const { directory } = fixture.testnet;
    const run = async (...args: readonly string[]) => {
      const script = join(ROOT, 'scripts/testnet.ts');
      const { stdout } = await exec(process.execPath, [script, ...args, '--dir', directory, '--json']);
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    };
    const because = ['--reason', 'Bounties pay for the research that they take.'];
    const [moderate, greedy] = await Promise.all([
      run('change', '2', 'rewards.bounty', '1200', ...because),
      run('pay', '3', '3', '9000', ...because),
    ]);
    expect(moderate).toMatchObject({ status: 'passed', enactment: 'waiting', proposer: { name: 'Process Scheduler' } });
    expect(greedy).toMatchObject({ status: 'rejected', to: { name: 'Data Detective' } });
    expect((greedy.votes as { option: string }[]).filter(({ option }) => option === 'For')).toEqual([]);
    await expect(run('change', '2', 'no.such', '1', ...because)).rejects.toThrow();
  });

  it('leaves all nodes running', () => {
    for (const node of NODES) expect(fixture.testnet.pid(node)).not.toBeNull();
  });
});
