/** A full node that does not validate: joins late, follows, serves, passes on what it is given, and comes back. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canonicalText, fromHex, walletOf } from '@dao-gov/node/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor, waitReady } from '../testnet/api.ts';
import { agreedHeight, blocksAt, type Fixture, startTestnet } from './support.ts';

const VALIDATORS = [1, 2, 3, 4];
const OBSERVER = 5;
const SETTLE_MS_MAX = 60_000;

let fixture: Fixture;
/** Height of the newest transaction that was seen to be final, at whichever node. */
let settled = 0;
beforeAll(async () => {
  fixture = await startTestnet(undefined, VALIDATORS.length);
});
afterAll(() => fixture?.end());

/** Sends a token from the first agent to the second, handed in at one node. @returns the transaction's hash */
async function transferAt(node: number): Promise<string> {
  const [from, to] = [1, 2].map((number) => {
    const file = join(dirname(fixture.testnet.configFile(number)), 'wallet.key');
    return walletOf(fromHex(readFileSync(file, 'utf8').trim(), 32));
  });
  if (!from || !to) throw new Error('two agents');
  const client = fixture.client(node);
  // A node that has not heard of the transaction before it would give its nonce once more.
  await blocksAt(fixture, [node], settled);
  const [{ chainId }, { nextNonce }] = await Promise.all([client.chain(), client.account(from.address)]);
  const transaction = from.sign({
    ...{ chainId, type: 'transfer', sender: from.address, publicKey: from.publicKey, nonce: nextNonce },
    ...{ gasPrice: 1, gasLimit: 200, args: canonicalText({ to: to.address, amount: 1 }), evidence: [] },
  });
  return (await client.submit(transaction)).hash;
}

/** Waits until a node has the transaction in a final block. @returns that block's height */
async function finalAt(node: number, hash: string): Promise<number> {
  settled = await waitFor(`${hash} final at node ${node}`, SETTLE_MS_MAX, async () => {
    return (await fixture.client(node).transaction(hash)).height ?? undefined;
  });
  return settled;
}

/** The observer's block and state are those of all validators at this height. */
async function expectSameAt(height: number): Promise<void> {
  const blocks = await blocksAt(fixture, [...VALIDATORS, OBSERVER], height);
  expect(new Set(blocks.map(({ hash }) => hash)).size).toBe(1);
  expect(new Set(blocks.map(({ stateRoot }) => stateRoot)).size).toBe(1);
}

it('joins from the genesis, says that it is no validator, and is seen by the validators', async () => {
  for (const node of VALIDATORS) await finalAt(1, await transferAt(node));
  expect(await fixture.testnet.observe('free')).toBe(OBSERVER);
  await waitReady(fixture.testnet, [OBSERVER]);
  await expectSameAt((await fixture.client(1).chain()).height);
  await agreedHeight(fixture, [...VALIDATORS, OBSERVER]);

  const client = fixture.client(OBSERVER);
  const { node } = await client.chain();
  expect(node).toMatchObject({ validator: false, agent: null });
  expect((await client.validators()).validators.every(({ self }) => !self)).toBe(true);
  // A quorum of connections makes it ready; the last one may come a moment later.
  await waitFor('a connection to each validator', SETTLE_MS_MAX, async () => {
    return (await client.peers()).items.filter(({ validator }) => validator).length === VALIDATORS.length;
  });
  for (const validator of VALIDATORS) {
    const seen = await waitFor(`validator ${validator} to see it`, SETTLE_MS_MAX, async () => {
      return (await fixture.client(validator).peers()).items.find(({ key }) => key === node.key);
    });
    expect(seen).toMatchObject({ validator: false });
  }
});

it('follows what the validators finalize, and brings them what is handed in at it', async () => {
  await expectSameAt(await finalAt(OBSERVER, await transferAt(2)));
  const height = await finalAt(3, await transferAt(OBSERVER));
  await expectSameAt(height);
});

it('goes on where it was killed', async () => {
  const { height: before } = await fixture.client(OBSERVER).chain();
  await fixture.testnet.stop(OBSERVER, 'SIGKILL');
  const missed = await finalAt(1, await transferAt(1));
  expect(missed).toBeGreaterThan(before);
  fixture.testnet.start(OBSERVER);
  await waitReady(fixture.testnet, [OBSERVER]);
  await expectSameAt(missed);
  await agreedHeight(fixture, [...VALIDATORS, OBSERVER]);
});

it('hears of a reset', async () => {
  const { chainId: old } = await fixture.client(1).chain();
  await fixture.client(1).reset();
  settled = 0;
  const chainId = await waitFor('the new chain', SETTLE_MS_MAX, async () => {
    const chain = await fixture.client(1).chain();
    return chain.chainId !== old && chain.ready && chain.chainId;
  });
  await waitFor('the new chain at the observer', SETTLE_MS_MAX, async () => {
    const chain = await fixture.client(OBSERVER).chain();
    return chain.chainId === chainId && chain.ready;
  });
  await expectSameAt(await finalAt(2, await transferAt(1)));
});
