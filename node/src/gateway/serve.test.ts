import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnswerError, ApiError, createClient } from '../client.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { canonicalText } from '../protocol/canonical.ts';
import { evidenceHash, transactionHash } from '../protocol/hashing.ts';
import { verifyStateProof } from '../protocol/merkle/state.ts';
import { CaseChain } from '../testing/audit-kit.ts';
import { gatewayParts, solvedCase, testTranscript } from '../testing/gateway-kit.ts';
import { testAlert } from '../testing/incident-kit.ts';
import { createGateway, type Gateway, type ServedGateway, serveGateway } from './index.ts';

let parts: Awaited<ReturnType<typeof gatewayParts>>;
let gateway: Gateway;
let served: ServedGateway;
let client: ReturnType<typeof createClient>;

beforeEach(async () => {
  // Nobody signs the certificates: no test here looks at them, and signing costs most of the time.
  parts = await gatewayParts(solvedCase({ signers: [] }));
  gateway = createGateway(parts.deps);
  served = await serveGateway(() => gateway, { host: '127.0.0.1', port: 0 });
  client = createClient({ baseUrl: `http://127.0.0.1:${served.port}` });
});

afterEach(() => served.close());

/** A value that a callback gives, each to be awaited once. */
function inbox<T>() {
  const arrived: T[] = [];
  const waiting: ((value: T) => void)[] = [];
  return {
    put: (value: T): void => {
      const next = waiting.shift();
      if (next) next(value);
      else arrived.push(value);
    },
    next: (): Promise<T> => {
      const [value] = arrived.splice(0, 1);
      return value === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(value);
    },
  };
}

describe('the client', () => {
  it('reads every endpoint of a served node', async () => {
    const { incident } = await client.sopStatus();
    const [proposal] = incident?.proposals ?? [];
    const { items } = await client.transactions({ limit: 5 });
    const hash = items[0]?.hash ?? '';
    const { address = '' } = items[0]?.sender ?? {};
    expect((await client.chain()).chainId).toBe(parts.chain.genesis.chainId);
    expect((await client.blocks({ limit: 2 })).items).toHaveLength(2);
    expect((await client.block(1)).height).toBe(1);
    expect((await client.transaction(hash)).hash).toBe(hash);
    expect((await client.pending()).count).toBe(0);
    expect((await client.events({ limit: 3 })).items).toHaveLength(3);
    expect((await client.account(address)).address).toBe(address);
    expect(await client.genesis()).toEqual(parts.chain.genesis);
    expect((await client.incidents()).items).toHaveLength(1);
    expect((await client.incident('INC-0001')).state).toBe('Finalized');
    expect((await client.proposal(proposal?.proposalId ?? '')).status).toBe('passed');
    expect((await client.economics()).agents).toHaveLength(7);
    expect((await client.log({ limit: 7 })).items).toHaveLength(7);
    expect((await client.validators()).validators).toHaveLength(7);
    expect((await client.consensus()).phase).toBe('idle');
    expect((await client.peers()).items).toHaveLength(6);
    const { proof, stateRoot } = await client.stateProof('params');
    expect(verifyStateProof(proof, stateRoot)).toBe(true);
    expect((await client.transactionProof(hash)).transaction).toBe(hash);
    const [evidence = ''] = parts.chain.finalBlocks[0]?.block.transactions[0]?.evidence ?? [];
    expect(evidenceHash(await client.evidence(evidence))).toBe(evidence);
    expect(await client.evidenceText(evidence)).toBe(canonicalText(testTranscript));
    expect(JSON.parse(await client.bundleText('INC-0001'))).toMatchObject({ incidentId: 'INC-0001' });
    expect(await client.ready()).toBe(true);
  });

  it('changes what may be changed', async () => {
    const blob = utf8Bytes(canonicalText(testTranscript));
    const transaction = parts.chain.transaction('fault_mapper', 'raise_alert', testAlert(), {
      evidence: [evidenceHash(blob)],
    });
    expect(await client.submit(transaction, [blob])).toEqual({ hash: transactionHash(transaction) });
    const alert = { node: 'web', metric: 'latency', at: '2026-11-22T10:00:00Z', source: 'shop', title: 'Slow' };
    expect(await client.raiseAlert(alert)).toMatchObject({ accepted: 1 });
    expect(parts.alerts).toEqual([alert]);
    expect(await client.alertmanager({ version: '4', groupKey: '', status: 'firing', alerts: [] })).toEqual({
      accepted: 0,
      ignored: 0,
    });
    expect((await client.reset()).success).toBe(true);
    const genesis = { ...parts.chain.genesis, chainId: 'next' };
    await client.reset({ genesis });
    expect(parts.resets).toEqual([null, { genesis }]);
  });

  it('throws problems with their codes, and silence as such', async () => {
    await expect(client.incident('INC-0404')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    await expect(client.incident('INC-0404')).rejects.toBeInstanceOf(ApiError);
    parts.node.isReady = false;
    expect(await client.ready()).toBe(false);
    await served.close();
    await expect(client.chain()).rejects.toBeInstanceOf(AnswerError);
  });

  it('follows the node over its end and back, without losing a block', async () => {
    parts = await gatewayParts(new CaseChain());
    gateway.close();
    gateway = createGateway(parts.deps);
    const blocks = inbox<number>();
    const opened = inbox<true>();
    const lost = inbox<true>();
    const stop = client.stream({
      onOpen: () => opened.put(true),
      onBlock: ({ height }) => blocks.put(height),
      onError: () => lost.put(true),
    });
    await opened.next();
    const grow = async (): Promise<void> => {
      parts.chain.block();
      await parts.node.catchUp();
    };
    await grow();
    expect(await blocks.next()).toBe(1);
    const { port } = served;
    const ended = lost.next();
    await served.close();
    await ended;
    gateway = createGateway(parts.deps);
    served = await serveGateway(() => gateway, { host: '127.0.0.1', port });
    await opened.next();
    await grow();
    expect(await blocks.next()).toBe(2);
    stop();
  });
});

describe('the server', () => {
  it('looks the gateway up for every request, so that a reset can replace it', async () => {
    expect((await client.chain()).height).toBeGreaterThan(0);
    gateway.close();
    await expect(client.chain()).rejects.toMatchObject({ code: 'NOT_READY' });
    parts = await gatewayParts(new CaseChain());
    gateway = createGateway(parts.deps);
    expect((await client.chain()).height).toBe(0);
  });

  it('lets a reset answer although it closes its own gateway', async () => {
    const old = gateway;
    const fresh = createGateway((await gatewayParts(new CaseChain())).deps);
    const reset = async (): Promise<void> => {
      gateway.close();
      gateway = fresh;
    };
    old.close();
    gateway = createGateway({ ...parts.deps, reset });
    const told = inbox<string>();
    const opened = inbox<true>();
    const stop = client.stream({ onReset: ({ reason }) => told.put(reason), onOpen: () => opened.put(true) });
    await opened.next();
    expect((await client.reset()).success).toBe(true);
    expect(await told.next()).toContain('anew');
    expect((await client.chain()).height).toBe(0);
    stop();
  });

  it('ends streams and sockets when it closes', async () => {
    const response = await fetch(`http://127.0.0.1:${served.port}/api/stream`);
    const reader = response.body!.getReader();
    await reader.read();
    await served.close();
    let last = '';
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
      last = new TextDecoder().decode(chunk.value);
    expect(last).toContain('event: reset');
    await expect(fetch(`http://127.0.0.1:${served.port}/live`)).rejects.toThrow();
  });

  it('lets go of a follower whose socket closes', async () => {
    const limited = createGateway({ ...parts.deps, limits: { streams: 1 } });
    gateway = limited;
    const url = `http://127.0.0.1:${served.port}/api/stream`;
    const first = await fetch(url);
    expect((await fetch(url)).status).toBe(503);
    await first.body?.cancel();
    for (let status = 503; status !== 200; ) {
      const again = await fetch(url);
      status = again.status;
      await again.body?.cancel();
      await new Promise(setImmediate);
    }
  });

  it('says 413 to a body that never says how long it is', async () => {
    const socket = connect(served.port, '127.0.0.1');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const head = [
      'POST /api/tx HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${chunk.repeat(40)}`);
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('BODY_TOO_LARGE');
    socket.destroy();
  });

  it('takes a large body that is allowed', async () => {
    const { chain } = parts;
    const blobs = Array.from({ length: 4 }, (_, index) => new Uint8Array(262_144).fill(index));
    const transaction = chain.transaction('fault_mapper', 'raise_alert', testAlert(), {
      evidence: blobs.map(evidenceHash),
    });
    expect(await client.submit(transaction, blobs)).toEqual({ hash: transactionHash(transaction) });
  });

  it('cannot listen where somebody does', async () => {
    await expect(serveGateway(() => gateway, { host: '127.0.0.1', port: served.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
