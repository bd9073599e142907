/** Transactions in the name of a testnet's agents: their wallets lie in the folders of the nodes. */
import { existsSync, readFileSync } from 'node:fs';
import type { ApiClient } from '@dao-gov/node/client';
import {
  type CallArgs,
  type CallType,
  canonicalText,
  evidenceHash,
  fromHex,
  type Hash,
  intrinsicGas,
  type Wallet,
  walletOf,
} from '@dao-gov/node/protocol';
import type { Testnet } from './testnet.ts';

/** A 32-byte secret of a node's folder; undefined where the node has none. */
export function secretOf(testnet: Testnet, node: number, key: 'wallet' | 'validator'): Uint8Array | undefined {
  const file = testnet.keyFile(node, key);
  return existsSync(file) ? fromHex(readFileSync(file, 'utf8').trim(), 32) : undefined;
}

/** The wallet of a node's agent; undefined for a node without one. */
export function walletOfNode(testnet: Testnet, node: number): Wallet | undefined {
  const secret = secretOf(testnet, node, 'wallet');
  return secret && walletOf(secret);
}

/**
 * Signs a call with the next nonce and hands it in, with the evidence that travels along.
 * @returns the transaction's hash; what became of it stands in its receipt
 * @throws ApiError with the node's code when it refuses the transaction
 */
export async function submitCall<T extends CallType>(
  client: ApiClient,
  wallet: Wallet,
  type: T,
  args: CallArgs[T],
  blobs: readonly Uint8Array[] = [],
): Promise<Hash> {
  const { address: sender, publicKey } = wallet;
  const [{ chainId }, { nextNonce: nonce }, { params }] = await Promise.all([
    client.chain(),
    client.account(sender),
    client.economics(),
  ]);
  const call = { type, args: canonicalText(args), evidence: blobs.map(evidenceHash) };
  const { gasPrice, gasLimitMin } = params;
  const gasLimit = Math.max(gasLimitMin, intrinsicGas(call));
  const transaction = wallet.sign({ ...call, chainId, sender, publicKey, nonce, gasPrice, gasLimit });
  return (await client.submit(transaction, blobs)).hash;
}
