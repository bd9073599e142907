import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEventParser, type ServerEvent } from './client/event-parser.ts';
import { AnswerError, ApiError, createClient, type Fetch, type StreamOptions } from './client.ts';
import type { Problem } from './protocol/api/index.ts';
import type { Transaction } from './protocol/types.ts';

const HASH = 'ab'.repeat(32);
const block = (height: number) => ({ height, hash: HASH, transactionCount: 0, timestampMs: height });
const page = { items: [], next: null };
const problem: Problem = {
  type: 'about:blank',
  title: 'Not found',
  status: 404,
  code: 'NOT_FOUND',
  detail: 'nothing there',
};

interface Asked {
  readonly url: string;
  readonly init: RequestInit | undefined;
}

/** A client over a fetch that gives the answers in order and remembers what was asked. */
function clientWith(...answers: readonly (() => Response | Promise<Response>)[]) {
  const asked: Asked[] = [];
  const fetch: Fetch = async (url, init) => {
    asked.push({ url, init });
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (!answer) throw new TypeError('no answer');
    return answer();
  };
  return { asked, client: createClient({ baseUrl: 'http://node/', fetch, token: 'own' }) };
}
const json =
  (value: unknown, status = 200) =>
  () =>
    Response.json(value, { status });

describe('a request', () => {
  it('goes to the path with its query, without what was not given', async () => {
    const { client, asked } = clientWith(json(page));
    await client.blocks({ limit: 5, before: '7' });
    await client.transactions({ type: 'vote' });
    await client.log();
    expect(asked.map(({ url }) => url)).toEqual([
      'http://node/api/blocks?limit=5&before=7',
      'http://node/api/transactions?type=vote',
      'http://node/api/log',
    ]);
  });

  it('quotes names in the path', async () => {
    const { client, asked } = clientWith(json(problem, 404));
    await expect(client.incident('../reset?x')).rejects.toThrow(ApiError);
    expect(asked[0]?.url).toBe('http://node/api/incidents/..%2Freset%3Fx');
  });

  it('that is refused throws the problem with its code and status', async () => {
    const { client } = clientWith(json(problem, 404));
    await expect(client.chain()).rejects.toMatchObject({ name: 'ApiError', code: 'NOT_FOUND', status: 404, problem });
  });

  it('that something else than a gateway refuses is a problem all the same', async () => {
    const { client } = clientWith(() => new Response('<html>', { status: 502 }));
    await expect(client.chain()).rejects.toMatchObject({ name: 'ApiError', code: 'INTERNAL', status: 502 });
  });

  it.each([
    ['is not JSON', () => new Response('<html>')],
    ['does not follow the schema', json({ height: 'seven' })],
  ])('whose answer %s says so', async (_, answer) => {
    const { client } = clientWith(answer);
    await expect(client.chain()).rejects.toMatchObject({ name: 'AnswerError', reason: 'UNREADABLE' });
  });

  it('that nobody answers is told apart from a refusal', async () => {
    const { client } = clientWith();
    const error = await client.chain().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AnswerError);
    expect(error).toMatchObject({ reason: 'UNREACHABLE' });
    expect(error).not.toHaveProperty('code');
  });

  it('for files gives the bytes as they came', async () => {
    const bytes = Uint8Array.from([0xef, 0xbb, 0xbf, 0, 255]);
    const { client } = clientWith(() => new Response(bytes));
    expect(await client.bundle('INC-0001')).toEqual(bytes);
    expect(await client.evidence(HASH)).toEqual(bytes);
  });

  it('that submits carries the blobs in base64, however large', async () => {
    const { client, asked } = clientWith(json({ hash: HASH }, 202));
    const large = Uint8Array.from({ length: 100_003 }, (_, index) => index % 256);
    const transaction = { chainId: 'test' } as Transaction;
    await client.submit(transaction, [large, new Uint8Array()]);
    const body = JSON.parse(String(asked[0]?.init?.body));
    expect(body).toEqual({ transaction, blobs: [Buffer.from(large).toString('base64'), ''] });
    expect(asked[0]?.init).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
  });

  it('that changes something carries the token, the given one before its own', async () => {
    const { client, asked } = clientWith(json({ success: true, message: 'done' }));
    await client.reset();
    await client.reset(null, { token: 'given' });
    const tokens = asked.map(({ init }) => new Headers(init?.headers).get('authorization'));
    expect(tokens).toEqual(['Bearer own', 'Bearer given']);
  });

  it('that reads carries none', async () => {
    const { client, asked } = clientWith(json(page));
    await client.blocks();
    expect(new Headers(asked[0]?.init?.headers).has('authorization')).toBe(false);
  });
});

describe('the parser of events', () => {
  const parse = (pieces: readonly string[]): readonly ServerEvent[] => {
    const parser = createEventParser();
    return pieces.flatMap((piece) => parser.push(piece));
  };
  const text =
    'retry: 2000\n\n: beat\n\nevent: log\ndata: one\ndata: two\n\nid: 7\nevent:block\ndata:x\n\ndata\n\nid: 8\n\ndata: y\n\n';
  const events = [
    { name: 'log', data: 'one\ntwo', id: undefined },
    { name: 'block', data: 'x', id: '7' },
    { name: 'message', data: '', id: undefined },
    { name: 'message', data: 'y', id: '8' },
  ];

  it('reads fields, comments, several lines and ids', () => {
    expect(parse([text])).toEqual(events);
  });

  it('reads the same however lines end and wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat({ max: 200 })), (lineEnd, cuts) => {
        const whole = text.replaceAll('\n', lineEnd);
        const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const pieces = places.slice(1).map((end, index) => whole.slice(places[index], end));
        // A lone carriage return at the very end waits for what may follow it.
        expect(parse([...pieces, ': end\n'])).toEqual(events);
      }),
    );
  });

  it('keeps an unfinished event to itself', () => {
    expect(parse(['data: half'])).toEqual([]);
  });

  it('gives up on an event without end', () => {
    const parser = createEventParser();
    expect(() => {
      for (let count = 0; count < 20; count += 1) parser.push(`data: ${'x'.repeat(1_000_000)}\n`);
    }).toThrow(AnswerError);
  });

  it('does not tire of many small ones', () => {
    const parser = createEventParser();
    let count = 0;
    for (let round = 0; round < 2_000; round += 1) count += parser.push(`data: ${'x'.repeat(10_000)}\n\n`).length;
    expect(count).toBe(2_000);
  });
});

describe('the stream', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const event = (name: string, data: unknown, id?: number): string =>
    `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

  /** A connection that stays open until it is closed, and notices when the other side leaves. */
  function connection(signal?: AbortSignal | null) {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given;
      },
    });
    signal?.addEventListener('abort', () => controller?.error(new DOMException('aborted', 'AbortError')));
    return {
      response: new Response(body),
      send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
      end: () => controller?.close(),
    };
  }

  function follow(options: StreamOptions = {}, refuse: (attempt: number) => Response | undefined = () => undefined) {
    const connections: (ReturnType<typeof connection> & { readonly url: string })[] = [];
    const heard: unknown[] = [];
    let attempts = 0;
    const fetch: Fetch = async (url, init) => {
      attempts += 1;
      const refusal = refuse(attempts);
      if (refusal) return refusal;
      const made = { ...connection(init?.signal), url };
      connections.push(made);
      return made.response;
    };
    const close = createClient({ baseUrl: '', fetch }).stream({
      onOpen: () => heard.push('open'),
      onBlock: ({ height }) => heard.push(height),
      onLog: ({ id }) => heard.push(id),
      onStatus: ({ ready }) => heard.push({ ready }),
      onReset: ({ reason }) => heard.push(reason),
      onError: (error) => heard.push(error instanceof Error ? error.name : error),
      ...options,
    });
    return { connections, heard, close, attempts: () => attempts };
  }

  it('tells blocks, lines, status and resets, and passes over what it does not know', async () => {
    const { connections, heard, close } = follow();
    await vi.waitFor(() => expect(heard).toEqual(['open']));
    const line = {
      ...{ id: '3.0.0', timestampMs: 1, height: 3, kind: 'event', agent: null, incidentId: null, transaction: HASH },
      ...{ text: null, tool: null, event: 'Staked', data: {} },
    };
    const status = { height: 3, view: 3, pending: 0, peers: 6, ready: true };
    const parts = [event('status', status), event('log', line), event('block', block(3), 3), event('news', {})];
    for (const part of [...parts, event('reset', { reason: 'anew' })]) connections[0]?.send(part);
    await vi.waitFor(() => expect(heard).toEqual(['open', { ready: true }, '3.0.0', 3, 'anew']));
    close();
  });

  it('reports an unreadable event and goes on', async () => {
    const { connections, heard, close } = follow();
    await vi.waitFor(() => expect(connections).toHaveLength(1));
    connections[0]?.send(
      `event: block\ndata: {no JSON\n\n${event('block', { height: -1 })}${event('block', block(4), 4)}`,
    );
    await vi.waitFor(() => expect(heard.at(-1)).toBe(4));
    expect(heard).toHaveLength(4);
    close();
  });

  it('comes back after the newest block that it saw, and from the start after a reset', async () => {
    vi.useFakeTimers();
    const { connections, heard, close } = follow({ lastEventId: '10' });
    await vi.waitFor(() => expect(connections).toHaveLength(1));
    expect(connections[0]?.url).toBe('/api/stream?lastEventId=10');
    connections[0]?.send(`retry: 1000\n\n${event('block', block(11), 11)}`);
    await vi.waitFor(() => expect(heard.at(-1)).toBe(11));
    connections[0]?.end();
    await vi.waitFor(() => expect(heard.at(-1)).toBe('AnswerError'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connections[1]?.url).toBe('/api/stream?lastEventId=11');
    const status = { height: 0, view: 1, pending: 0, peers: 6, ready: true };
    connections[1]?.send(event('reset', { reason: 'anew' }) + event('status', status));
    await vi.waitFor(() => expect(heard.slice(-2)).toEqual(['anew', { ready: true }]));
    connections[1]?.end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connections[2]?.url).toBe('/api/stream');
    close();
  });

  it('waits longer and longer for a node that refuses, and tells why each time', async () => {
    vi.useFakeTimers();
    const refusal = () => Response.json({ ...problem, status: 429, code: 'TOO_MANY_STREAMS' }, { status: 429 });
    const { heard, attempts, close } = follow({}, refusal);
    await vi.advanceTimersByTimeAsync(60_000);
    // At 0.25 to 0.5 s first and 15 s at most, a minute holds between these.
    expect(attempts()).toBeGreaterThan(6);
    expect(attempts()).toBeLessThan(16);
    expect(new Set(heard)).toEqual(new Set(['ApiError']));
    close();
  });

  it('gives up a connection that has fallen silent', async () => {
    vi.useFakeTimers();
    const { connections, close } = follow();
    await vi.advanceTimersByTimeAsync(40_000);
    connections[0]?.send(': beat\n\n');
    await vi.advanceTimersByTimeAsync(40_000);
    expect(connections).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(connections).toHaveLength(2);
    close();
  });

  it.each(['the returned function', 'the signal'])('ends for good by %s, without calling it an error', async (way) => {
    vi.useFakeTimers();
    const ending = new AbortController();
    const { connections, heard, close, attempts } = follow({ signal: ending.signal });
    await vi.waitFor(() => expect(heard).toEqual(['open']));
    // What arrives in the moment of the end is not told any more.
    connections[0]?.send(event('block', block(1), 1));
    if (way === 'the signal') ending.abort();
    else close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(heard).toEqual(['open']);
    expect(attempts()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the client in a browser', () => {
  it('brings neither the platform of Node nor the encodings of the chain with it', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const walk = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = readFileSync(file, 'utf8');
      for (const [, what = ''] of source.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '([^']+)'/gms)) {
        if (what.startsWith('.')) walk(join(file, '..', what));
        else packages.add(what);
      }
    };
    walk(join(import.meta.dirname, 'client.ts'));
    expect(seen.size).toBeGreaterThan(8);
    expect([...packages]).toEqual(['zod']);
  });
});
