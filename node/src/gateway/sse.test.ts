import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { streamSchemas } from '../protocol/api/index.ts';
import { canonicalText } from '../protocol/canonical.ts';
import { CaseChain } from '../testing/audit-kit.ts';
import { callsTo, gatewayParts, LOOPBACK, refusalOf, STRANGER, testTranscript } from '../testing/gateway-kit.ts';
import { testAlert } from '../testing/incident-kit.ts';
import {
  STREAM_HEARTBEAT_MS,
  STREAM_LAG_BLOCKS_MAX,
  STREAM_MISSED_HEARTBEATS_MAX,
  STREAMS_PER_ADDRESS_MAX,
} from './constants.ts';
import { createGateway, type Gateway, type GatewayDeps } from './index.ts';

let parts: Awaited<ReturnType<typeof gatewayParts>>;
let gateway: Gateway;
let opened: { cancel(): Promise<void> }[];

const build = (overrides: Partial<GatewayDeps> = {}): void => {
  gateway = createGateway({ ...parts.deps, ...overrides });
};

beforeEach(async () => {
  // Nobody signs: no test here looks at certificates, and signing costs most of the time.
  parts = await gatewayParts(new CaseChain({}, { signers: [] }));
  opened = [];
  build();
});

afterEach(async () => {
  for (const stream of opened) await stream.cancel();
  gateway.close();
});

interface Frame {
  readonly event?: string;
  readonly id?: string;
  readonly data?: Record<string, unknown>;
  readonly comment?: string;
  readonly retry?: string;
}

function frameOf(text: string): Frame {
  const fields = text.split('\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon) || 'comment', line.slice(colon + 1).trim()] as const;
  });
  const { data, ...frame } = Object.fromEntries(fields);
  return { ...frame, ...(data !== undefined && { data: JSON.parse(data) }) };
}

/** A reader that takes frames one by one, and checks each event against its schema. */
async function follow(path = '/api/stream', headers: Record<string, string> = {}, remote = LOOPBACK) {
  const response = await callsTo(gateway).get(path, { headers, remote });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body!.getReader();
  const stream = { cancel: () => reader.cancel() };
  opened.push(stream);
  const decoder = new TextDecoder();
  const waiting: Frame[] = [];
  const take = async (): Promise<Frame | undefined> => {
    while (waiting.length === 0) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      waiting.push(...decoder.decode(value).split('\n\n').filter(Boolean).map(frameOf));
    }
    const frame = waiting.shift()!;
    if (frame.event) streamSchemas[frame.event as keyof typeof streamSchemas].strict().parse(frame.data);
    return frame;
  };
  /** Up to the next frame of this kind, itself included. */
  const until = async (event: string): Promise<Frame[]> => {
    const frames: Frame[] = [];
    for (let frame = await take(); frame; frame = await take()) {
      frames.push(frame);
      if (frame.event === event) break;
    }
    return frames;
  };
  return { take, until, ...stream };
}

/** One more final block, with or without something in it. */
async function grow(count = 1): Promise<void> {
  for (let index = 0; index < count; index += 1) parts.chain.block();
  await parts.node.catchUp();
}

async function alert(): Promise<void> {
  const evidence = [parts.chain.keep(canonicalText(testTranscript))];
  parts.chain.call('alert_receiver', 'raise_alert', testAlert(`node-${parts.chain.height}`), { evidence });
  await parts.node.catchUp();
}

const heights = (frames: readonly Frame[]) =>
  frames.filter(({ event }) => event === 'block').map(({ data }) => data?.height);

describe('the stream', () => {
  it('begins with the situation, from which it can be resumed', async () => {
    await grow(3);
    const stream = await follow();
    expect(await stream.take()).toEqual({ retry: '2000' });
    expect(await stream.take()).toEqual({
      event: 'status',
      id: '3',
      data: { height: 3, view: 4, pending: 0, peers: 6, ready: true },
    });
  });

  it('tells what happened in a block, then the block, with its height as the id', async () => {
    const stream = await follow();
    await stream.until('status');
    await alert();
    const frames = await stream.until('block');
    const lines = frames.filter(({ event }) => event === 'log');
    expect(lines.map(({ data }) => data?.kind)).toEqual(['thought', 'action', 'observation', 'answer', 'event']);
    expect(lines.every(({ id }) => id === undefined)).toBe(true);
    expect(frames.at(-1)).toMatchObject({ id: '1', data: { height: 1, transactionCount: 1 } });
    expect(frames.at(-1)?.data?.hash).toBe(parts.node.final().hash);
  });

  it('gives every block once and in order, however they come', async () => {
    const stream = await follow();
    await grow(5);
    const seen = heights(await stream.until('block'));
    await grow(2);
    while (seen.length < 7) seen.push(...heights(await stream.until('block')));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([
    ['Last-Event-ID', '/api/stream', { 'last-event-id': '2' }],
    ['?lastEventId=', '/api/stream?lastEventId=2', {}],
    ['a header that is newer than the address', '/api/stream?lastEventId=1', { 'last-event-id': '2' }],
  ])('resumes after the block that %s names, without a gap', async (_, path, headers) => {
    await grow(4);
    const stream = await follow(path, headers as Record<string, string>);
    const seen: unknown[] = [];
    while (seen.length < 2) seen.push(...heights(await stream.until('block')));
    await grow();
    seen.push(...heights(await stream.until('block')));
    expect(seen).toEqual([3, 4, 5]);
  });

  it.each([
    ['a height that is not there yet, as after a reset', 2, '9'],
    ['one that is too long ago', STREAM_LAG_BLOCKS_MAX + 5, '1'],
  ])('asks to load everything anew for %s', async (_, length, lastEventId) => {
    await grow(length);
    const stream = await follow(`/api/stream?lastEventId=${lastEventId}`);
    const frames = await stream.until('status');
    expect(frames[1]).toMatchObject({ event: 'reset', id: '' });
    expect(frames[2]?.id).toBe(String(length));
    await grow();
    expect(heights(await stream.until('block'))).toEqual([length + 1]);
  });

  it('drops who is too slow, and says so', async () => {
    const slow = await follow();
    const quick = await follow();
    await slow.until('status');
    for (let round = 0; round <= STREAM_LAG_BLOCKS_MAX + 2; round += 64) {
      await grow(64);
      for (let seen = 0; seen < 64; ) seen += heights(await quick.until('block')).length;
    }
    const frames = await slow.until('nothing');
    expect(frames.at(-1)).toMatchObject({ event: 'reset', id: '', data: { reason: expect.stringContaining('slow') } });
    expect(heights(frames).length).toBeLessThan(4);
  });

  it('tells of a changed situation at most twice a second', async () => {
    const stream = await follow();
    await stream.until('status');
    const submit = (amount: number) =>
      parts.node.submit({ transaction: parts.chain.transaction('fault_mapper', 'stake', { amount }), blobs: [] });
    await submit(1);
    expect((await stream.until('status')).at(-1)?.data).toMatchObject({ pending: 1 });
    await submit(2);
    await submit(3);
    const next = stream.until('status');
    await parts.clock.advance(500);
    const frames = await next;
    expect([frames.length, frames.at(-1)?.data]).toEqual([1, expect.objectContaining({ pending: 3 })]);
  });

  it('shows that it lives when nothing happens', async () => {
    const stream = await follow();
    await stream.until('status');
    for (let count = 0; count < 2; count += 1) {
      const next = stream.take();
      await parts.clock.advance(STREAM_HEARTBEAT_MS);
      expect(await next).toEqual({ comment: 'heartbeat' });
    }
  });

  it('closes the socket of who no longer reads', async () => {
    let destroyed = 0;
    const env = { incoming: { socket: {} }, outgoing: { destroy: () => (destroyed += 1) } } as never;
    await gateway.request('/api/stream', {}, env);
    await parts.clock.advance(STREAM_HEARTBEAT_MS * (STREAM_MISSED_HEARTBEATS_MAX + 3));
    expect(destroyed).toBe(1);
  });

  it('ends with a reset when the node starts anew', async () => {
    const stream = await follow();
    await stream.until('status');
    const rest = stream.until('nothing');
    gateway.close();
    expect((await rest).map(({ event, id }) => [event, id])).toEqual([['reset', '']]);
  });

  it('ends quietly for a block that cannot be read, to be resumed', async () => {
    await grow();
    build();
    parts.node.store.blockAt = async () => {
      throw new Error('damaged');
    };
    const stream = await follow('/api/stream?lastEventId=0');
    expect((await stream.until('nothing')).map(({ event }) => event)).toEqual([undefined, 'status']);
    expect(parts.logged).toContain('a block could not be streamed');
  });

  it('is open to so many at once, and to fewer from one address', async () => {
    for (let count = 0; count < STREAMS_PER_ADDRESS_MAX; count += 1) await follow();
    expect(await refusalOf(await callsTo(gateway).get('/api/stream'))).toEqual([503, 'TOO_MANY_STREAMS']);
    await follow('/api/stream', {}, STRANGER);
    await opened[0]?.cancel();
    await follow();
    build({ limits: { streams: 1 } });
    await follow();
    const refused = await callsTo(gateway).get('/api/stream', { remote: STRANGER });
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refusalOf(refused)).toEqual([503, 'TOO_MANY_STREAMS']);
  });
});
