import { createClient } from '@dao-gov/node/client';
import { walletOf } from '@dao-gov/node/protocol';
import { ChainSimulator, testSecret } from '@dao-gov/node/testing';
import { expect, test } from 'vitest';
import { localLedger } from './local.ts';
import { LedgerError } from './port.ts';
import { type LedgerClient, remoteLedger } from './remote.ts';
import { ledgerCompliance } from './testing/ledger-compliance.ts';
import { simulatedGateway } from './testing/simulated-gateway.ts';

const wallet = walletOf(testSecret(1));
const BASE = 'http://node.test';

ledgerCompliance('local', async () => {
  const chain = new ChainSimulator();
  return { ledger: localLedger(chain, wallet.address), wallet, produce: () => chain.produce(), close: () => {} };
});

ledgerCompliance('remote', async () => {
  const chain = new ChainSimulator();
  const client: LedgerClient = createClient({ baseUrl: BASE, fetch: simulatedGateway(chain) });
  const ledger = await remoteLedger(client, wallet.address);
  return { ledger, wallet, produce: () => chain.produce(), close: () => {} };
});

/** A remote ledger whose node answers the first request and then as told. */
async function remoteOver(answer: (url: string) => Response | Promise<Response>) {
  const gateway = simulatedGateway(new ChainSimulator());
  let first = true;
  const client = createClient({
    baseUrl: BASE,
    fetch: async (url, init) => {
      if (!first) return answer(url);
      first = false;
      return gateway(url, init);
    },
  });
  return remoteLedger(client, wallet.address);
}

test('a node that does not answer is unreachable', async () => {
  const ledger = await remoteOver(() => Promise.reject(new TypeError('fetch failed')));
  const error = await ledger.params().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LedgerError);
  expect(error).toMatchObject({ code: 'UNREACHABLE' });
});

test("a node's problem keeps its code", async () => {
  const body = { type: 'about:blank', title: 'busy', status: 503, code: 'NOT_READY', detail: 'catching up' };
  const ledger = await remoteOver(() => Response.json(body, { status: 503 }));
  await expect(ledger.info()).rejects.toMatchObject({ name: 'LedgerError', code: 'NOT_READY' });
});

test('a record that its proof does not bear is refused', async () => {
  const chain = new ChainSimulator();
  const { state } = chain.final();
  const proof = state.prove('params');
  const forged = { ...proof, value: proof.value?.replace('"gasPrice":1', '"gasPrice":9') };
  const ledger = await remoteOver(() => Response.json({ height: 0, stateRoot: state.root(), proof: forged }));
  await expect(ledger.params()).rejects.toMatchObject({ code: 'UNREADABLE' });
});

test('a blob that is not what its hash says is not handed on', async () => {
  const ledger = await remoteOver(() => new Response('something else'));
  expect(await ledger.evidence('ab'.repeat(32))).toBeUndefined();
});
