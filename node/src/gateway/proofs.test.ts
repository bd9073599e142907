import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { blockDetailSchema, stateProofViewSchema, transactionProofViewSchema } from '../protocol/api/index.ts';
import { verifyBundle } from '../protocol/audit/index.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { nobleVerifier } from '../protocol/crypto/verifier.ts';
import { evidenceHash } from '../protocol/hashing.ts';
import { verifyListItem } from '../protocol/merkle/list.ts';
import { type StateProof, verifyStateProof } from '../protocol/merkle/state.ts';
import { BLOCK_LIST_LIMIT } from '../protocol/ssz.ts';
import { testAgent, testEvidence } from '../testing/chain-kit.ts';
import { callsTo, finalTransaction, gatewayParts, readAs } from '../testing/gateway-kit.ts';
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

describe('proofs', () => {
  it('of a record hold under the state root of the newest final block', async () => {
    const { address } = testAgent('fault_mapper').wallet;
    const { proof, stateRoot, height } = await read(stateProofViewSchema, `/api/proofs/state?key=account/${address}`);
    expect(verifyStateProof(proof as StateProof, stateRoot)).toBe(true);
    expect((await read(blockDetailSchema, `/api/block/${height}`)).stateRoot).toBe(stateRoot);
    expect(JSON.parse(proof.value ?? '')).toMatchObject({ agent: { role: 'fault_mapper' } });
  });

  it('show that a record is absent', async () => {
    const { proof, stateRoot } = await read(stateProofViewSchema, '/api/proofs/state?key=account/nobody');
    expect(proof.value).toBeNull();
    expect(verifyStateProof(proof as StateProof, stateRoot)).toBe(true);
  });

  it('of a transaction hold under the roots of its block', async () => {
    const { hash, height } = txOf('vote', 3);
    const proof = await read(transactionProofViewSchema, `/api/proofs/transaction/${hash}`);
    const block = await read(blockDetailSchema, `/api/block/${height}`);
    expect([proof.transactionsRoot, proof.receiptsRoot]).toEqual([block.merkleRoot, block.receiptsRoot]);
    expect(verifyListItem(hash, proof.transactionProof, block.merkleRoot, BLOCK_LIST_LIMIT)).toBe(true);
    expect(verifyListItem(proof.receipt, proof.receiptProof, block.receiptsRoot, BLOCK_LIST_LIMIT)).toBe(true);
  });

  it('come together in a bundle that verifies with the genesis that is served', async () => {
    const bundle = await calls.get('/api/incidents/INC-0001/bundle');
    expect(bundle.headers.get('content-disposition')).toContain('INC-0001');
    const genesis = await calls.get('/api/genesis');
    const report = verifyBundle(await bundle.text(), await genesis.text(), nobleVerifier);
    expect(report.ok).toBe(true);
  });
});

describe('the bundle', () => {
  it('is built once for all who ask at a time, again later, and again when it failed', async () => {
    const ending: ((error?: Error) => void)[] = [];
    const bundle = () =>
      new Promise<string>((resolve, reject) => {
        ending.push((error) => (error ? reject(error) : resolve('{}')));
      });
    const calls = callsTo(createGateway({ ...parts.deps, bundle }));
    const ask = () => calls.get('/api/incidents/INC-0001/bundle');
    const status = async (answer: Promise<Response>) => (await answer).status;
    const first = [ask(), ask()];
    await vi.waitFor(() => expect(ending).toHaveLength(1));
    await parts.clock.advance(60_000);
    first.push(ask());
    await new Promise(setImmediate);
    ending[0]?.();
    expect(await Promise.all(first.map(status))).toEqual([200, 200, 200]);
    expect([await status(ask()), ending.length]).toEqual([200, 1]);
    await parts.clock.advance(2_001);
    const failing = ask();
    await vi.waitFor(() => expect(ending).toHaveLength(2));
    ending[1]?.(new Error('disk'));
    expect(await status(failing)).toBe(500);
    const last = ask();
    await vi.waitFor(() => expect(ending).toHaveLength(3));
    ending[2]?.();
    expect(await status(last)).toBe(200);
  });
});

describe('evidence', () => {
  it('is served byte for byte, as JSON when it is', async () => {
    const [hash] = txOf('raise_alert').tx.evidence;
    const response = await calls.get(`/api/evidence/${hash}`);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(evidenceHash(new Uint8Array(await response.arrayBuffer()))).toBe(hash);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('that is not JSON is only bytes', async () => {
    const response = await calls.get(`/api/evidence/${testEvidence('snapshot')}`);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(utf8Bytes('snapshot'));
  });
});
