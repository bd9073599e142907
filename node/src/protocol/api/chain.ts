/** The chain as the API shows it: blocks, transactions, node, validators, peers. */
import { z } from 'zod';
import { address, hash, integer, publicKey, signature, validatorKey } from '../calls.ts';
import { VOTE_KINDS } from '../types.ts';
import { eventSchema, json, pageOf, partySchema, role } from './common.ts';

export const blockSummarySchema = z.object({
  height: integer,
  hash,
  parentHash: hash,
  /** Merkle root of the transactions. */
  merkleRoot: hash,
  timestampMs: integer,
  transactionCount: integer,
  proposer: validatorKey,
  proposerName: z.string(),
  view: integer,
});
export type BlockSummary = z.infer<typeof blockSummarySchema>;
export const blockPageSchema = pageOf(blockSummarySchema);

export const transactionSummarySchema = z.object({
  hash,
  type: z.string(),
  sender: partySchema,
  receiver: address.nullable(),
  nonce: integer,
  gasPrice: integer,
  gasLimit: integer,
  gasUsed: integer,
  status: z.enum(['pending', 'success', 'failed']),
  /** Typed code; empty unless failed. */
  reason: z.string(),
  incidentId: z.string().nullable(),
  height: integer.nullable(),
  timestampMs: integer.nullable(),
});
export type TransactionSummary = z.infer<typeof transactionSummarySchema>;
export const transactionPageSchema = pageOf(transactionSummarySchema);

export const transactionDetailSchema = transactionSummarySchema.extend({
  index: integer.nullable(),
  chainId: z.string(),
  publicKey,
  signature,
  /** The arguments as they were signed, parsed. */
  args: json,
  evidence: z.array(z.object({ hash, bytes: integer.nullable(), kind: z.string().nullable() })),
  /** gasUsed × gasPrice. */
  fee: integer,
  detail: z.string(),
  events: z.array(eventSchema),
});
export type TransactionDetail = z.infer<typeof transactionDetailSchema>;

export const certificateSchema = z.object({
  kind: z.enum(VOTE_KINDS),
  epoch: integer,
  view: integer,
  block: hash,
  signers: z.array(z.object({ validator: integer, name: z.string() })),
  /** Power that signed, of the power there is. */
  power: integer,
  totalPower: integer,
});

export const blockDetailSchema = blockSummarySchema.extend({
  epoch: integer,
  receiptsRoot: hash,
  stateRoot: hash,
  evidenceRoot: hash,
  validatorSetHash: hash,
  transactions: z.array(transactionSummarySchema),
  /** What the chain itself did at the end of this block. */
  systemEvents: z.array(eventSchema),
  finality: certificateSchema,
  /** Blocks between this one and the finalized descendant; 0 when it was finalized itself. */
  finalizedByDescendant: integer,
  previous: z.object({ height: integer, hash }).nullable(),
  next: z.object({ height: integer, hash }).nullable(),
});
export type BlockDetail = z.infer<typeof blockDetailSchema>;

export const chainInfoSchema = z.object({
  chainId: z.string(),
  network: z.enum(['development', 'production']),
  genesisHash: hash,
  height: integer,
  hash,
  timestampMs: integer,
  epoch: integer,
  view: integer,
  pending: integer,
  peers: integer,
  ready: z.boolean(),
  node: z.object({
    name: z.string(),
    key: validatorKey,
    validator: z.boolean(),
    agent: z.object({ address, role, name: z.string() }).nullable(),
    startedAtMs: integer,
    version: z.string(),
  }),
  /** Gateways of all nodes of this network, where the configuration names them. */
  gateways: z.array(z.object({ name: z.string(), url: z.string(), role: role.nullable() })),
});
export type ChainInfo = z.infer<typeof chainInfoSchema>;

export const validatorStatusSchema = z.object({
  index: integer,
  key: validatorKey,
  name: z.string(),
  owner: partySchema,
  bond: integer,
  /** On its way back to the owner; can still be slashed. */
  unbonding: integer,
  power: integer,
  /**
   * 'silent' missed its last turns and is skipped until it signs again. 'leaving' has taken its bond back, 'jailed' has
   * equivocated: both are in the set until the epoch ends.
   */
  status: z.enum(['active', 'silent', 'leaving', 'jailed']),
  connected: z.boolean(),
  self: z.boolean(),
  leader: z.boolean(),
  lastSignedView: integer,
  blocksProposed: integer,
});
/** One who bonds and is not in the epoch's set. */
export const bonderSchema = z.object({
  key: validatorKey,
  name: z.string(),
  owner: partySchema,
  bond: integer,
  unbonding: integer,
  /** When the last of it is released, in block time; 0 until the epoch in which it counted has ended. */
  releaseAtMs: integer,
  /** 'joining' is in the set from the next epoch on. */
  status: z.enum(['joining', 'leaving', 'jailed']),
});
export const validatorsSchema = z.object({
  epoch: integer,
  /** Last block of the epoch. The one after it is certified by whoever has bonded by then. */
  lastHeight: integer,
  totalPower: integer,
  quorumPower: integer,
  validators: z.array(validatorStatusSchema),
  others: z.array(bonderSchema),
});
export type Validators = z.infer<typeof validatorsSchema>;

export const consensusViewSchema = z.object({
  epoch: integer,
  view: integer,
  leader: validatorKey,
  leaderName: z.string(),
  leaderSkipped: z.boolean(),
  phase: z.enum(['idle', 'proposing', 'notarizing', 'nullifying', 'syncing']),
  finalizedHeight: integer,
  notarizedHeight: integer,
  finalizeMsP50: z.number().nullable(),
  votes: z.object({ notarize: integer, nullify: integer, finalize: integer }),
});
export type ConsensusView = z.infer<typeof consensusViewSchema>;

export const peersSchema = z.object({
  items: z.array(
    z.object({
      key: validatorKey,
      /** The beginning of its key where it is no validator's. */
      name: z.string(),
      /** False for a full node, which follows the chain and votes on nothing. */
      validator: z.boolean(),
      address: z.string(),
      direction: z.enum(['inbound', 'outbound']),
      connectedAtMs: integer,
    }),
  ),
});
export type Peers = z.infer<typeof peersSchema>;

export const pendingSchema = z.object({ count: integer, items: z.array(transactionSummarySchema) });
export type Pending = z.infer<typeof pendingSchema>;

/** Body of `POST /api/tx`. */
export const submitSchema = z.strictObject({
  transaction: z.strictObject({
    chainId: z.string().max(64),
    type: z.string().max(64),
    sender: address,
    publicKey,
    nonce: integer,
    gasPrice: integer,
    gasLimit: integer,
    args: z.string().max(16_384),
    evidence: z.array(hash).max(4),
    signature,
  }),
  /** The evidence blobs in base64, in the order of `transaction.evidence`. */
  blobs: z.array(z.base64().max(360_000)).max(4),
});
export type Submit = z.infer<typeof submitSchema>;
export const submittedSchema = z.object({ hash });

export const accountSchema = z.object({
  address,
  name: z.string(),
  role: role.nullable(),
  balance: integer,
  stake: integer,
  locked: integer,
  bond: integer,
  reputation: integer,
  nonce: integer,
  /** The next nonce that the pool would take: the account's plus what is pending. */
  nextNonce: integer,
  reboots: integer,
});
export type AccountView = z.infer<typeof accountSchema>;

/** Proof of a record under the state root of a final block. */
export const stateProofSchema = z.object({
  key: z.string(),
  value: z.string().nullable(),
  siblings: z.array(hash),
  neighbour: z.object({ keyHash: hash, valueHash: hash }).optional(),
});
export const stateProofViewSchema = z.object({ height: integer, stateRoot: hash, proof: stateProofSchema });
export const listProofSchema = z.object({ index: integer, length: integer, siblings: z.array(hash) });
export const transactionProofViewSchema = z.object({
  height: integer,
  transactionsRoot: hash,
  receiptsRoot: hash,
  transaction: hash,
  receipt: hash,
  transactionProof: listProofSchema,
  receiptProof: listProofSchema,
});
