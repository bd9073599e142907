/**
 * What a transaction must satisfy before it may enter a pool or a block. The first half needs the transaction alone
 * and is checked once; the second needs the sender's account and is checked again by every block.
 */
import { z } from 'zod';
import { fromHex, utf8Bytes } from '../protocol/bytes.ts';
import {
  address,
  type CallArgs,
  type CallType,
  callSchemas,
  hash,
  integer,
  isCallType,
  publicKey,
  signature,
} from '../protocol/calls.ts';
import { parseCanonical } from '../protocol/canonical.ts';
import {
  CALL_ARGS_BYTES_MAX,
  CHAIN_ID_LENGTH_MAX,
  EVIDENCE_PER_TRANSACTION_MAX,
  INTEGER_MAX,
} from '../protocol/constants.ts';
import type { Verifier } from '../protocol/crypto/verifier.ts';
import { AdmissionError } from '../protocol/errors.ts';
import type { Params } from '../protocol/genesis.ts';
import { addressOf, transactionHash, transactionSigningRoot } from '../protocol/hashing.ts';
import type { AccountRecord } from '../protocol/records.ts';
import type { Hash, Transaction, UnsignedTransaction } from '../protocol/types.ts';

/** A call with its arguments, read and checked against the type's schema. */
export type DecodedCall = { readonly [T in CallType]: { readonly type: T; readonly args: CallArgs[T] } }[CallType];

const transactionSchema = z.strictObject({
  chainId: z.string().max(CHAIN_ID_LENGTH_MAX),
  type: z.string(),
  sender: address,
  publicKey,
  nonce: integer,
  gasPrice: integer,
  gasLimit: integer,
  args: z.string().refine((text) => text.isWellFormed(), 'is not well-formed Unicode'),
  evidence: z.array(hash).max(EVIDENCE_PER_TRANSACTION_MAX),
  signature,
});

const firstIssue = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'is not accepted'}`;
};

/**
 * The call that a transaction makes.
 * @throws AdmissionError TX_UNKNOWN_TYPE, TX_TOO_LARGE, TX_BAD_ARGS
 */
export function decodeCall(tx: Pick<UnsignedTransaction, 'type' | 'args'>): DecodedCall {
  const call = decoded.get(tx) ?? readCall(tx);
  decoded.set(tx, call);
  return call;
}

/** A transaction is read when it comes in, and again when a block with it is built or judged. */
const decoded = new WeakMap<Pick<UnsignedTransaction, 'type' | 'args'>, DecodedCall>();

function readCall({ type, args }: Pick<UnsignedTransaction, 'type' | 'args'>): DecodedCall {
  if (!isCallType(type)) throw new AdmissionError('TX_UNKNOWN_TYPE', 'no such call');
  const bytes = utf8Bytes(args);
  if (bytes.length > CALL_ARGS_BYTES_MAX) {
    throw new AdmissionError('TX_TOO_LARGE', `arguments of ${bytes.length} bytes, ${CALL_ARGS_BYTES_MAX} are allowed`);
  }
  const parsed = callSchemas[type].safeParse(canonicalValue(bytes));
  if (!parsed.success) throw new AdmissionError('TX_BAD_ARGS', firstIssue(parsed.error));
  // The schema was looked up by this very type: arguments and type belong together.
  return { type, args: parsed.data } as DecodedCall;
}

/** Bytes from anywhere: whatever reading them throws is their fault, never the machine's. */
function canonicalValue(bytes: Uint8Array): unknown {
  try {
    return parseCanonical(bytes);
  } catch (error) {
    throw new AdmissionError('TX_BAD_ARGS', error instanceof Error ? error.message : 'is not canonical JSON');
  }
}

/**
 * Everything that can be told from the transaction alone, the signature last because it costs most.
 * @returns the transaction's hash
 * @throws AdmissionError TX_MALFORMED, TX_WRONG_CHAIN, TX_UNKNOWN_TYPE, TX_TOO_LARGE, TX_BAD_ARGS,
 * TX_SENDER_MISMATCH, TX_BAD_SIGNATURE
 */
export function checkStateless(tx: Transaction, chainId: string, verifier: Verifier): Hash {
  const form = transactionSchema.safeParse(tx);
  if (!form.success) throw new AdmissionError('TX_MALFORMED', firstIssue(form.error));
  if (new Set(tx.evidence).size !== tx.evidence.length) {
    throw new AdmissionError('TX_MALFORMED', 'evidence: the same hash twice');
  }
  if (tx.chainId !== chainId) throw new AdmissionError('TX_WRONG_CHAIN', `signed for another chain than ${chainId}`);
  decodeCall(tx);
  if (addressOf(fromHex(tx.publicKey, 33)) !== tx.sender) {
    throw new AdmissionError('TX_SENDER_MISMATCH', 'the sender is not the address of the public key');
  }
  if (!verifier.wallet(tx.publicKey, transactionSigningRoot(tx), tx.signature)) {
    throw new AdmissionError('TX_BAD_SIGNATURE', 'the signature does not hold');
  }
  return transactionHash(tx);
}

export interface AccountCheckOptions {
  /** A pool may hold a nonce that is ahead; a block may not. */
  readonly allowGap: boolean;
}

/**
 * Whether the sender may, and can pay for, this transaction now. An address without an account has nonce and balance 0.
 * @throws AdmissionError TX_GAS_PRICE_TOO_LOW, TX_GAS_LIMIT_TOO_LOW, TX_NONCE_USED, TX_NONCE_GAP, TX_CANNOT_PAY_GAS
 */
export function checkAgainstAccount(
  tx: Pick<UnsignedTransaction, 'nonce' | 'gasPrice' | 'gasLimit'>,
  account: Pick<AccountRecord, 'nonce' | 'balance'> | undefined,
  params: Pick<Params, 'gasPrice' | 'gasLimitMin'>,
  options: AccountCheckOptions,
): void {
  const { nonce, balance } = account ?? { nonce: 0, balance: 0 };
  if (tx.gasPrice < params.gasPrice) {
    throw new AdmissionError('TX_GAS_PRICE_TOO_LOW', `${tx.gasPrice} offered, ${params.gasPrice} wanted`);
  }
  if (tx.gasLimit < params.gasLimitMin) {
    throw new AdmissionError('TX_GAS_LIMIT_TOO_LOW', `limit ${tx.gasLimit}, at least ${params.gasLimitMin} wanted`);
  }
  if (tx.nonce < nonce) throw new AdmissionError('TX_NONCE_USED', `nonce ${tx.nonce}, the account is at ${nonce}`);
  if (tx.nonce > nonce && !options.allowGap) {
    throw new AdmissionError('TX_NONCE_GAP', `nonce ${tx.nonce}, the account is at ${nonce}`);
  }
  const cost = tx.gasLimit * tx.gasPrice;
  // Beyond exact integers a product is rounded, but then it is also beyond every balance.
  if (cost > INTEGER_MAX || cost > balance) {
    throw new AdmissionError('TX_CANNOT_PAY_GAS', `${cost} tokens of gas at most, the account holds ${balance}`);
  }
}
