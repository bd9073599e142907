/** An agent's key, and the salts of its sealed votes. */
import {
  type Address,
  fromHex,
  type Hash,
  toHex,
  utf8Bytes,
  VOTE_OPTIONS,
  type VoteOption,
  voteCommitment,
  type Wallet,
  walletOf,
} from '@dao-gov/node/protocol';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

export interface AgentWallet extends Wallet {
  /**
   * HMAC-SHA256 of the proposal under the wallet's secret: nobody else can guess it, and the agent finds it again after
   * a crash without having stored anything.
   */
  saltOf(proposalId: Hash): Hash;
}

/**
 * @param secret 32 bytes, a valid secp256k1 scalar
 * @param wallet of that secret, where somebody signs faster than the portable code
 * @throws Error when the secret is no scalar
 */
export function agentWallet(secret: Uint8Array, wallet: Wallet = walletOf(secret)): AgentWallet {
  const label = utf8Bytes('vote-salt');
  // A key of its own, so that the signing key itself only ever signs.
  const saltKey = hmac(sha256, secret, label);
  return { ...wallet, saltOf: (proposalId) => toHex(hmac(sha256, saltKey, fromHex(proposalId, 32))) };
}

/** Which option a commitment hides; undefined when this wallet did not make it. */
export function optionBehind(
  commitment: Hash,
  sealed: { readonly chainId: string; readonly proposalId: Hash; readonly voter: Address; readonly salt: Hash },
): VoteOption | undefined {
  const { chainId, proposalId, voter, salt } = sealed;
  return VOTE_OPTIONS.find((option) => voteCommitment(chainId, proposalId, voter, option, salt) === commitment);
}
