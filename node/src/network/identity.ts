/** A node's one key in its two spellings: 32 bytes of ed25519 for the protocol, a peer id for libp2p. */
import { privateKeyFromRaw, publicKeyFromRaw } from '@libp2p/crypto/keys';
import type { Ed25519PrivateKey, PeerId } from '@libp2p/interface';
import { peerIdFromPublicKey } from '@libp2p/peer-id';
import type { NodeKey } from '../ports/network.ts';
import { fromHex, joinBytes, toHex } from '../protocol/bytes.ts';
import type { Libp2pNetworkConfig } from './config.ts';
import { NetworkSetupError } from './errors.ts';

const KEY_BYTES = 32;
export const SECRET_KEY_BYTES = 32;

/** @throws NetworkSetupError KEY_INVALID unless the key is 32 bytes in hex */
export function peerIdOf(key: NodeKey): PeerId {
  try {
    return peerIdFromPublicKey(publicKeyFromRaw(fromHex(key, KEY_BYTES)));
  } catch {
    throw new NetworkSetupError('KEY_INVALID', `${key} is no ed25519 key`);
  }
}

/** The key behind a peer id; undefined for the kinds of key that no node of this network has. */
export function keyOf(peer: PeerId): NodeKey | undefined {
  return peer.type === 'Ed25519' ? toHex(peer.publicKey.raw) : undefined;
}

/**
 * Built of both halves: libp2p would derive the key from the seed anew, without native code, at every start of a node.
 * @throws NetworkSetupError KEY_INVALID when the key is not that of the seed
 */
export async function privateKeyOf({
  key,
  secretKey,
}: Pick<Libp2pNetworkConfig, 'key' | 'secretKey'>): Promise<Ed25519PrivateKey> {
  const pair = privateKeyFromRaw(joinBytes(secretKey, fromHex(key, KEY_BYTES)));
  const nothing = new Uint8Array();
  if (pair.type !== 'Ed25519' || !(await pair.publicKey.verify(nothing, await pair.sign(nothing)))) {
    throw new NetworkSetupError('KEY_INVALID', `${key} is not the key of the seed`);
  }
  return pair;
}
