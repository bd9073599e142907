/** People who send each other tokens through whichever node is up, and remember what was accepted where. */
import { canonicalText } from '../../protocol/canonical.ts';
import { AdmissionError } from '../../protocol/errors.ts';
import { bondSigningRoot, transactionHash } from '../../protocol/hashing.ts';
import type { Hash, Transaction } from '../../protocol/types.ts';
import { testAgents } from '../chain-kit.ts';
import { cheaplySigned, cheapSignature } from './cheap-keys.ts';
import { JOINER_KEY, REPORTER_INDEX, type SimulatedNodes } from './node-cluster.ts';
import { pick } from './scenario.ts';
import { Violation } from './violation.ts';

/** A client stops sending while this many of its transactions are accepted: the pool takes 64 a sender. */
const SENT_MAX = 12;
/** Transactions that move bonds, where the validator set may change. */
const BOND_CHANCE = 0.3;
const BOND_MAX = 1_500;
const JOINER_BOND = 5_000;

interface Accepted {
  readonly transaction: Transaction;
  /** The node that took it, and its life then. A node that crashes forgets its pool, as it may. */
  readonly index: number;
  readonly life: number;
}

export class Clients {
  readonly accepted = new Map<Hash, Accepted>();
  private readonly nodes: SimulatedNodes;
  private readonly nonces = testAgents.map(() => 0);
  /** What was refused is offered again, unchanged. */
  private readonly prepared: (Transaction | undefined)[] = testAgents.map(() => undefined);
  /** What each has bonded beyond what the genesis gave. */
  private readonly bonded = testAgents.map(() => 0);

  constructor(nodes: SimulatedNodes) {
    this.nodes = nodes;
  }

  private transaction(client: number, nonce: number): Transaction {
    const from = testAgents[client]?.wallet;
    if (!from) throw new RangeError(`no client ${client}`);
    return cheaplySigned({
      chainId: this.nodes.genesis.chainId,
      sender: from.address,
      publicKey: from.publicKey,
      nonce,
      gasPrice: 1,
      gasLimit: 200,
      evidence: [],
      ...this.call(client, nonce),
    });
  }

  private call(client: number, nonce: number): Pick<Transaction, 'type' | 'args'> {
    const { scenario, hasEpochs } = this.nodes;
    if (hasEpochs && client === 0 && nonce === 1) return this.joining();
    if (hasEpochs && !this.nodes.isLiar(client) && scenario.random.chance(BOND_CHANCE)) return this.bonding(client);
    const to = testAgents[(client + 1 + (nonce % 6)) % testAgents.length]?.wallet.address ?? '';
    return { type: 'transfer', args: canonicalText({ to, amount: 1 + nonce }) };
  }

  /** Bonds more, or takes back what was bonded before: the liars' part of the power never grows by it. */
  private bonding(client: number): Pick<Transaction, 'type' | 'args'> {
    const { random } = this.nodes.scenario;
    const validator = testAgents[client]?.validatorKey ?? '';
    const extra = this.bonded[client] ?? 0;
    const type = extra > 0 && random.chance(0.5) ? 'unbond' : 'bond';
    const amount = 1 + random.below(type === 'unbond' ? extra : BOND_MAX);
    this.bonded[client] = type === 'unbond' ? extra - amount : extra + amount;
    return { type, args: canonicalText({ validator, amount }) };
  }

  /** Somebody new becomes a validator. */
  private joining(): Pick<Transaction, 'type' | 'args'> {
    const owner = testAgents[0]?.wallet.address ?? '';
    const possession = cheapSignature(JOINER_KEY, bondSigningRoot(this.nodes.genesis.chainId, JOINER_KEY, owner));
    const args = { validator: JOINER_KEY, amount: JOINER_BOND, name: 'joiner', possession };
    return { type: 'bond', args: canonicalText(args) };
  }

  /** One client sends its next transaction to one node. A refusal means to try again later. */
  async send(): Promise<void> {
    const { random } = this.nodes.scenario;
    const client = random.below(this.nodes.hasEpochs ? REPORTER_INDEX : testAgents.length);
    const running = this.nodes.running();
    const nonce = this.nonces[client] ?? 0;
    if (running.length === 0 || nonce >= SENT_MAX) return;
    const { index, life, node } = pick(random, running);
    const transaction = this.prepared[client] ?? this.transaction(client, nonce);
    this.prepared[client] = transaction;
    this.nonces[client] = nonce + 1;
    if (await submitted(node, transaction)) {
      this.accepted.set(transactionHash(transaction), { transaction, index, life });
      this.prepared[client] = undefined;
    } else this.nonces[client] = nonce;
  }

  /** What a node took and forgot by crashing, or a liar took, is sent again; what a living honest one took is left to it. */
  async resend(): Promise<void> {
    const [first] = this.nodes.honest();
    if (!first) return;
    for (const { transaction, index, life } of this.accepted.values()) {
      if (!this.nodes.keepsItsWord(index, life)) await submitted(first, transaction);
    }
  }

  /** Whether every accepted transaction is final at every honest node. */
  async settled(): Promise<boolean> {
    for (const { store } of this.nodes.honest()) {
      for (const hash of this.accepted.keys()) if (!(await store.placeOf(hash))) return false;
    }
    return true;
  }

  /** @throws Violation when one ran twice, or one ran that nobody sent */
  async assertOnce(): Promise<void> {
    for (const { store, ...node } of this.nodes.honest()) {
      const seen = new Set<Hash>();
      const tip = await store.tip();
      for (let height = 1; height <= (tip?.height ?? 0); height += 1) {
        for (const transaction of (await store.blockAt(height))?.block.transactions ?? []) {
          const hash = transactionHash(transaction);
          if (seen.has(hash)) throw new Violation('transactions-once', `${hash} is twice in the chain of ${node.name}`);
          seen.add(hash);
        }
      }
      for (const hash of this.accepted.keys()) {
        if (!seen.has(hash)) throw new Violation('transactions-once', `${hash} was accepted and is in no block`);
      }
    }
  }
}

async function submitted(
  node: ReturnType<SimulatedNodes['honest']>[number],
  transaction: Transaction,
): Promise<boolean> {
  try {
    await node.submit({ transaction, blobs: [] });
    return true;
  } catch (error) {
    if (error instanceof AdmissionError) return false;
    throw error;
  }
}
