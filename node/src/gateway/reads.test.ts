import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  accountSchema,
  blockDetailSchema,
  blockPageSchema,
  economicsSchema,
  eventSchema,
  incidentDetailSchema,
  incidentPageSchema,
  logPageSchema,
  pageOf,
  pendingSchema,
  proposalViewSchema,
  sopStatusSchema,
  transactionDetailSchema,
  transactionPageSchema,
} from '../protocol/api/index.ts';
import { CaseChain, divided } from '../testing/audit-kit.ts';
import { testAgent, testEvidence } from '../testing/chain-kit.ts';
import { callsTo, finalTransaction, gatewayParts, readAs, solvedCase } from '../testing/gateway-kit.ts';
import { commitAll } from '../testing/incident-kit.ts';
import { createGateway } from './index.ts';

type Parts = Awaited<ReturnType<typeof gatewayParts>>;
let parts: Parts;
let calls: ReturnType<typeof callsTo>;

beforeAll(async () => {
  parts = await gatewayParts();
  calls = callsTo(createGateway(parts.deps));
});

const read = <T extends z.ZodType>(schema: T, path: string) => readAs(calls, schema, path);
const txOf = (type: string, at?: number) => finalTransaction(parts.chain, type, at);

/** All items of a listing, page by page. */
async function walk<T extends z.ZodType<{ items: unknown[]; next: string | null }>>(schema: T, path: string) {
  const items: unknown[] = [];
  for (let before = ''; ; ) {
    const page = await read(schema, `${path}${path.includes('?') ? '&' : '?'}limit=3${before && `&before=${before}`}`);
    expect(page.items.length).toBeLessThanOrEqual(3);
    items.push(...page.items);
    if (page.next === null) return items;
    before = page.next;
  }
}

describe('blocks', () => {
  it('are listed from the newest down to block 0, each once', async () => {
    const blocks = (await walk(blockPageSchema, '/api/blocks')) as z.infer<typeof blockPageSchema>['items'];
    const tip = parts.node.final().height;
    expect(blocks.map(({ height }) => height)).toEqual(Array.from({ length: tip + 1 }, (_, index) => tip - index));
    expect(blocks[0]?.hash).toBe(parts.node.final().hash);
    expect(blocks.slice(0, -1).map(({ parentHash }) => parentHash)).toEqual(blocks.slice(1).map(({ hash }) => hash));
  });

  it('are shown whole, with what makes them final', async () => {
    const { height, hash } = txOf('raise_alert');
    const block = await read(blockDetailSchema, `/api/block/${height}`);
    expect(block.transactions.map((tx) => tx.hash)).toEqual([hash]);
    expect(block.transactions[0]).toMatchObject({
      type: 'raise_alert',
      status: 'success',
      sender: { name: 'A1 Alert Receiver' },
    });
    expect(block.finality).toMatchObject({ kind: 'finalize', power: 60_000, totalPower: 70_000 });
    expect(block.finality.signers[1]).toEqual({ validator: 1, name: 'A2 Process Scheduler' });
    expect([block.previous?.height, block.next?.height]).toEqual([height - 1, height + 1]);
    expect(block.proposerName).toBe('A1 Alert Receiver');
  });

  it('begin with the genesis, which nobody signed', async () => {
    const block = await read(blockDetailSchema, '/api/block/0');
    expect(block).toMatchObject({ previous: null, next: { height: 1 }, finality: { signers: [] } });
    expect(block.parentHash).toBe(parts.node.genesisHash);
  });

  it('that are empty have no transactions and no events', async () => {
    const tip = parts.node.final().height;
    const block = await read(blockDetailSchema, `/api/block/${tip}`);
    expect(block).toMatchObject({ transactions: [], systemEvents: [], next: null });
  });

  it('show what the chain did by itself', async () => {
    const consensus = parts.chain.finalBlocks.find(({ receipts }) =>
      receipts.at(-1)?.events.some(({ name }) => name === 'ConsensusReached'),
    )!;
    const block = await read(blockDetailSchema, `/api/block/${consensus.block.header.height}`);
    expect(block.systemEvents.map(({ name }) => name)).toContain('ConsensusReached');
  });
});

describe('transactions', () => {
  it('are listed newest first, each once', async () => {
    const listed = (await walk(transactionPageSchema, '/api/transactions')) as { hash: string }[];
    const hashes = parts.chain.finalBlocks.flatMap(({ block, receipts }) =>
      block.transactions.map((_, index) => receipts[index]?.transaction),
    );
    expect(listed.map(({ hash }) => hash)).toEqual(hashes.toReversed());
  });

  it('are listed by type and by sender', async () => {
    const { address } = testAgent('data_detective').wallet;
    const votes = (await walk(transactionPageSchema, '/api/transactions?type=vote')) as { type: string }[];
    expect(votes.map(({ type }) => type)).toEqual(Array(6).fill('vote'));
    const both = await read(transactionPageSchema, `/api/transactions?type=vote&sender=${address}`);
    expect(both.items).toHaveLength(1);
    expect(both.items[0]?.incidentId).toBe('INC-0001');
    expect((await read(transactionPageSchema, '/api/transactions?type=transfer')).items).toEqual([]);
  });

  it('are shown with arguments, fee, evidence and events', async () => {
    const { hash, tx } = txOf('raise_alert');
    const detail = await read(transactionDetailSchema, `/api/tx/${hash}`);
    expect(detail).toMatchObject({ status: 'success', index: 0, args: { node: 'mail' }, fee: detail.gasUsed });
    expect(detail.evidence).toEqual([{ hash: tx.evidence[0], bytes: expect.any(Number), kind: 'transcript' }]);
    expect(detail.events.map(({ name }) => name)).toEqual(['AlertRaised']);
    const snapshot = await read(transactionDetailSchema, `/api/tx/${txOf('submit_data_collection').hash}`);
    expect(snapshot.evidence).toEqual([{ hash: testEvidence('snapshot'), bytes: 8, kind: null }]);
  });

  it('that failed say why, and what they cost', async () => {
    const detail = await read(transactionDetailSchema, `/api/tx/${txOf('unstake').hash}`);
    expect(detail).toMatchObject({ status: 'failed', reason: 'INSUFFICIENT_STAKE', events: [] });
    expect(detail.detail).not.toBe('');
    expect(detail.fee).toBeGreaterThan(0);
  });
});

describe('what waits', () => {
  it('is counted, listed and found by hash, and counts for the next nonce', async () => {
    const chain = solvedCase();
    const waiting = await gatewayParts(chain);
    const calls = callsTo(createGateway(waiting.deps));
    const transaction = chain.transaction('alert_receiver', 'stake', { amount: 5 });
    const hash = await waiting.node.submit({ transaction, blobs: [] });
    const pending = pendingSchema.parse(await (await calls.get('/api/pending')).json());
    expect(pending).toMatchObject({ count: 1, items: [{ hash, status: 'pending', height: null }] });
    const detail = transactionDetailSchema.parse(await (await calls.get(`/api/tx/${hash}`)).json());
    expect(detail).toMatchObject({ status: 'pending', index: null, args: { amount: 5 } });
    const account = accountSchema.parse(await (await calls.get(`/api/accounts/${transaction.sender}`)).json());
    expect(account).toMatchObject({
      nonce: transaction.nonce,
      nextNonce: transaction.nonce + 1,
      role: 'alert_receiver',
    });
  });
});

describe('events', () => {
  it('are listed newest first, each once, with their places', async () => {
    const events = (await walk(pageOf(eventSchema), '/api/events')) as z.infer<typeof eventSchema>[];
    const names = parts.chain.finalBlocks.flatMap(({ receipts }) =>
      receipts.flatMap((one) => one.events.map(({ name }) => name)),
    );
    expect(events.map(({ name }) => name)).toEqual(names.toReversed());
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  it('are found below a height and inside of a block', async () => {
    const [newest] = (await read(pageOf(eventSchema), '/api/events?limit=1')).items;
    const below = await read(pageOf(eventSchema), `/api/events?before=${newest?.height}`);
    expect(below.items.every(({ height }) => height < (newest?.height ?? 0))).toBe(true);
    const rest = await read(pageOf(eventSchema), `/api/events?before=${newest?.id}`);
    expect(rest.items[0]?.height).toBe(newest?.height);
  });

  it('are found by name, account and incident, page by page', async () => {
    const all = (await walk(pageOf(eventSchema), '/api/events')) as z.infer<typeof eventSchema>[];
    const oracle = testAgent('probability_oracle').wallet.address;
    const [incident] = (await read(incidentPageSchema, '/api/incidents')).items;
    const incidentId = incident?.incidentId ?? '';
    const cases = [
      ['name=Reward,Penalty', ({ name }: (typeof all)[number]) => name === 'Reward' || name === 'Penalty'],
      [`account=${oracle}`, ({ data }: (typeof all)[number]) => Object.values(data).includes(oracle)],
      [`incidentId=${incidentId}`, ({ data }: (typeof all)[number]) => data.incidentId === incidentId],
    ] as const;
    for (const [query, belongs] of cases) {
      const found = (await walk(pageOf(eventSchema), `/api/events?${query}`)) as typeof all;
      const wanted = all.filter(belongs).map(({ id }) => id);
      expect([query, found.map(({ id }) => id)]).toEqual([query, wanted]);
      expect(wanted.length).toBeGreaterThan(3);
    }
    expect((await read(pageOf(eventSchema), '/api/events?name=ValidatorSlashed')).items).toEqual([]);
    expect((await calls.get('/api/events?name=no-name')).status).toBe(400);
  });
});

describe('operations', () => {
  it('show the incident in the foreground', async () => {
    const sop = await read(sopStatusSchema, '/api/status/sop');
    expect(sop).toMatchObject({ state: 'Finalized', openIncidents: [], untriagedAlerts: 1 });
    expect(sop.incident?.rootCause).toBe('stock-db');
    expect(sop.proposal?.status).toBe('passed');
  });

  it('show Init before the first incident', async () => {
    const calls = callsTo(createGateway((await gatewayParts(new CaseChain())).deps));
    const sop = sopStatusSchema.parse(await (await calls.get('/api/status/sop')).json());
    expect(sop).toEqual({ state: 'Init', incident: null, proposal: null, openIncidents: [], untriagedAlerts: 0 });
    const blocks = blockPageSchema.parse(await (await calls.get('/api/blocks')).json());
    expect(blocks.items.map(({ height }) => height)).toEqual([0]);
    for (const path of ['/api/transactions', '/api/events', '/api/log', '/api/incidents']) {
      expect(await (await calls.get(path)).json()).toEqual({ items: [], next: null });
    }
  });

  it('list incidents and show one with its steps, proposals and votes', async () => {
    const { items, next } = await read(incidentPageSchema, '/api/incidents');
    expect([items.map(({ incidentId }) => incidentId), next]).toEqual([['INC-0001'], null]);
    const incident = await read(incidentDetailSchema, '/api/incidents/INC-0001');
    expect(incident.steps).toHaveLength(8);
    const [proposal] = incident.proposals;
    const votes = proposal?.votes.map(({ voter, option, status }) => [voter.role, status === 'revealed' && option]);
    expect(Object.fromEntries(votes ?? [])).toEqual(divided);
    expect(await read(proposalViewSchema, `/api/proposals/${proposal?.proposalId}`)).toEqual(proposal);
    const { weightFor = 0, weightAgainst = 0 } = proposal ?? {};
    expect(proposal?.supportThousandths).toBe(Math.floor((weightFor * 1_000) / (weightFor + weightAgainst)));
  });

  it.each([
    ['committing', 'waiting', 0],
    ['revealing', 'missed', 11_000],
  ] as const)('show a vote while %s: who has not committed is %s', async (status, absent, afterMs) => {
    const chain = new CaseChain();
    chain.open();
    const { proposalId } = chain.claim();
    const { solution_engineer: _, ...most } = divided;
    commitAll(chain, proposalId, most);
    if (afterMs > 0) chain.block([], afterMs);
    const calls = callsTo(createGateway((await gatewayParts(chain)).deps));
    const view = proposalViewSchema.parse(await (await calls.get(`/api/proposals/${proposalId}`)).json());
    expect(view).toMatchObject({ status, supportThousandths: null, participationThousandths: 0 });
    for (const vote of view.votes)
      expect(vote.status).toBe(vote.voter.role === 'solution_engineer' ? absent : 'sealed');
  });

  it('rank the agents by their assets', async () => {
    const economics = await read(economicsSchema, '/api/agents/economics');
    const balances = economics.agents.map(({ balance }) => balance);
    expect(balances).toEqual(balances.toSorted((a, b) => b - a));
    expect(economics.agents.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(economics.agents[0]?.party.role).toBe('probability_oracle');
    expect(economics).toMatchObject({ genesisBalance: 20_000, treasury: { escrow: 0 } });
    const [{ reputation, stake, weight } = { reputation: 0, stake: 0, weight: 0 }] = economics.agents;
    expect(weight).toBe(1_000 + 100 * (reputation - 50) + stake);
  });
});

describe('the log', () => {
  it('tells of each transaction what its agent thought and what came of it', async () => {
    const lines = ((await walk(logPageSchema, '/api/log')) as z.infer<typeof logPageSchema>['items']).toReversed();
    expect(lines.slice(0, 5).map(({ kind, event }) => event ?? kind)).toEqual([
      ...['thought', 'action', 'observation', 'answer', 'AlertRaised'],
    ]);
    expect(lines[0]).toMatchObject({
      agent: { role: 'alert_receiver' },
      text: { en: 'Errors rise.', zh: '错误率上升。' },
    });
    expect(lines[1]).toMatchObject({
      tool: 'query_metrics',
      data: { input: '{"node":"web-buy"}' },
      text: { en: 'Look.' },
    });
    expect(lines[2]?.text?.en).toHaveLength(2_000);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  });

  it('is not silent about what failed', async () => {
    const { items } = await read(logPageSchema, '/api/log?limit=200');
    expect(items.find(({ event }) => event === 'TransactionFailed')).toMatchObject({
      agent: { role: 'fault_mapper' },
      data: { type: 'unstake', reason: 'INSUFFICIENT_STAKE' },
    });
  });

  it('keeps the ids of its lines when a transcript comes late', async () => {
    const chain = solvedCase();
    const [hash] = txOf('raise_alert').tx.evidence;
    const blob = chain.blobs.get(hash!)!;
    chain.blobs.delete(hash!);
    const late = await gatewayParts(chain);
    const { get: ask } = callsTo(createGateway(late.deps));
    const lines = async () => logPageSchema.parse(await (await ask('/api/log?limit=200')).json()).items;
    const without = await lines();
    await late.node.store.putEvidence(new Map([[hash!, blob]]));
    const withIt = await lines();
    expect(withIt).toHaveLength(without.length + 4);
    expect(withIt.filter(({ kind }) => kind === 'event')).toEqual(without);
  });
});
