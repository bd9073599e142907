/**
 * Test-only: the few endpoints of a node's gateway that a remote ledger asks, over a simulated chain and without a
 * socket: a `fetch` for the real client. Answers have the form of the API's schemas, which the client checks.
 */
import { AdmissionError, type Hash, headerHash, type StateProof, submitSchema } from '@dao-gov/node/protocol';
import type { LocalNode } from '../local.ts';

export interface ProvingChain extends LocalNode {
  final(): ReturnType<LocalNode['final']> & {
    readonly hash: Hash;
    readonly state: { root(): Hash; prove(key: string): StateProof };
  };
}

const json = (value: unknown, status = 200): Response => Response.json(value, { status });

const problem = (status: number, code: string, detail: string): Response =>
  json({ type: 'about:blank', title: code, status, code, detail }, status);

export function simulatedGateway(chain: ProvingChain): (url: string, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const { pathname, searchParams } = new URL(url);
    const [, , resource, name = ''] = pathname.split('/');
    switch (resource) {
      case 'chain':
        return json(chainInfo(chain));
      case 'proofs': {
        const { height, state } = chain.final();
        return json({ height, stateRoot: state.root(), proof: state.prove(searchParams.get('key') ?? '') });
      }
      case 'evidence': {
        const blob = await chain.store.evidence(name);
        return blob ? new Response(new Uint8Array(blob)) : problem(404, 'NOT_FOUND', 'no such blob');
      }
      case 'tx':
        return init?.method === 'POST' ? submit(chain, JSON.parse(String(init.body))) : transaction(chain, name);
      case 'stream':
        return new Response(stream(chain, init?.signal ?? undefined), {
          headers: { 'content-type': 'text/event-stream' },
        });
      default:
        return problem(404, 'NOT_FOUND', pathname);
    }
  };
}

function chainInfo(chain: ProvingChain) {
  const { height, hash, timestampMs } = chain.final();
  const key = '0'.repeat(64);
  return {
    ...{ chainId: chain.genesis.chainId, network: 'development', genesisHash: key, height, hash, timestampMs },
    ...{ epoch: 0, view: height, pending: 0, peers: 0, ready: true, gateways: [] },
    node: { name: 'simulated', key, validator: true, agent: null, startedAtMs: 0, version: '0' },
  };
}

async function submit(chain: ProvingChain, body: unknown): Promise<Response> {
  const { transaction, blobs } = submitSchema.parse(body);
  try {
    const decoded = blobs.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
    return json({ hash: await chain.submit({ transaction, blobs: decoded }) });
  } catch (error) {
    if (error instanceof AdmissionError) return problem(422, error.code, error.message);
    throw error;
  }
}

async function transaction(chain: ProvingChain, hash: Hash): Promise<Response> {
  const place = await chain.store.placeOf(hash);
  const stored = place && (await chain.store.blockAt(place.height));
  const tx = stored?.block.transactions[place?.index ?? 0];
  const receipt = stored?.receipts[place?.index ?? 0];
  if (!place || !stored || !tx || !receipt) return problem(404, 'NOT_FOUND', 'no such transaction');
  const { height, timestampMs } = stored.block.header;
  const { type, nonce, gasPrice, gasLimit, chainId, publicKey, signature } = tx;
  const { status, reason, detail, gasUsed } = receipt;
  return json({
    ...{
      hash,
      type,
      receiver: null,
      nonce,
      gasPrice,
      gasLimit,
      gasUsed,
      status,
      reason,
      incidentId: null,
      height,
      timestampMs,
    },
    ...{
      index: place.index,
      chainId,
      publicKey,
      signature,
      args: JSON.parse(tx.args),
      fee: gasUsed * gasPrice,
      detail,
    },
    sender: { address: tx.sender, name: '', role: null },
    evidence: tx.evidence.map((blob) => ({ hash: blob, bytes: null, kind: null })),
    events: receipt.events.map(({ name, data }, index) => ({
      ...{ id: `${height}.${place.index}.${index}`, height, timestampMs, transaction: hash, name, data },
    })),
  });
}

function stream(chain: ProvingChain, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let unsubscribe = (): void => {};
  return new ReadableStream({
    start: (controller) => {
      unsubscribe = chain.subscribe(({ block }) => {
        if (block === undefined) return;
        const { header, transactions } = block.block;
        const { height, timestampMs } = header;
        const data = { height, hash: headerHash(header), transactionCount: transactions.length, timestampMs };
        controller.enqueue(encoder.encode(`id: ${height}\nevent: block\ndata: ${JSON.stringify(data)}\n\n`));
      });
      signal?.addEventListener('abort', () => {
        unsubscribe();
        controller.error(signal.reason);
      });
    },
    cancel: () => unsubscribe(),
  });
}
