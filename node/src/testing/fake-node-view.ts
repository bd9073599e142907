/**
 * Test-only: a node as its gateway sees it, without consensus and network. The chain is a `FinalizedChain`, whose
 * blocks were really executed and certified; store and pool are the real ones.
 */
import { Mempool } from '../host/mempool.ts';
import type { ChainStore, NodeEvent, NodeView, PeerInfo, PendingTransaction } from '../ports/index.ts';
import type { ConsensusView, Validators } from '../protocol/api/index.ts';
import { nobleVerifier } from '../protocol/crypto/verifier.ts';
import { AdmissionError } from '../protocol/errors.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { evidenceHash, genesisHash } from '../protocol/hashing.ts';
import { quorumPower } from '../protocol/power.ts';
import type { Hash, ValidatorKey } from '../protocol/types.ts';
import type { TransactionEnvelope } from '../protocol/wire.ts';
import { openMemoryStore } from '../storage/index.ts';
import { checkStateless, genesisBlockHash, genesisState, type State } from '../vm/index.ts';
import { testAgent, testAgents } from './chain-kit.ts';
import type { FinalizedChain } from './finalized-chain.ts';

/** The node of this role's agent. */
const OWN = testAgent('alert_receiver');

function epochRecord(state: ReturnType<NodeView['final']>['state']) {
  const record = state.get('validators');
  if (!record) throw new Error('a state without validators');
  return record;
}

export class FakeNodeView implements NodeView {
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  readonly key: ValidatorKey = OWN.validatorKey;
  readonly name = 'node-1';
  readonly startedAtMs = 1_700_000_000_000;
  readonly store: ChainStore;
  /** What a test may turn. */
  isReady = true;
  readonly #chain: FinalizedChain;
  readonly #genesisState: State;
  readonly #pool: Mempool;
  readonly #listeners = new Set<(event: NodeEvent) => void>();
  #height = 0;

  private constructor(chain: FinalizedChain, store: ChainStore) {
    this.#chain = chain;
    this.store = store;
    this.genesis = chain.genesis;
    this.genesisHash = genesisHash(chain.genesis);
    this.#genesisState = genesisState(chain.genesis);
    this.#pool = new Mempool({
      account: (address) => this.final().state.get('account', address),
      params: () => this.final().state.get('params') ?? this.genesis.params,
    });
  }

  /** A node that holds all final blocks of the chain. */
  static async over(chain: FinalizedChain): Promise<FakeNodeView> {
    const store = await openMemoryStore();
    const node = new FakeNodeView(chain, store);
    await store.initialise(genesisBlockHash(chain.genesis), new Map(node.#genesisState.entries('')));
    await node.catchUp();
    return node;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Commits what the chain has finalized since, with its evidence, and tells the listeners. */
  async catchUp(): Promise<void> {
    const blocks = this.#chain.finalBlocks.slice(this.#height);
    await this.store.putEvidence(this.#chain.blobs);
    await this.store.commit(blocks);
    this.#height += blocks.length;
    this.#pool.settle(testAgents.map(({ wallet }) => wallet.address));
    for (const block of blocks) this.#emit({ type: 'finalized', block });
  }

  final(): ReturnType<NodeView['final']> {
    const state = this.#height === 0 ? this.#genesisState : this.#chain.final().state;
    const newest = this.#chain.finalBlocks[this.#height - 1];
    const hash = newest?.hash ?? genesisBlockHash(this.genesis);
    const timestampMs = newest?.block.header.timestampMs ?? this.genesis.timestampMs;
    return { height: this.#height, hash, timestampMs, state };
  }

  ready(): boolean {
    return this.isReady;
  }

  pending(): readonly PendingTransaction[] {
    return this.#pool.entries();
  }

  nextNonce(address: string): number {
    return this.#pool.nextNonce(address);
  }

  validators(): Validators {
    const { state } = this.final();
    const { epoch, lastHeight, validators, owners } = epochRecord(state);
    const totalPower = validators.reduce((sum, { power }) => sum + power, 0);
    const viewOf = (key: ValidatorKey) => {
      const record = state.get('validator', key);
      const { name = '', owner = '' } = record ?? owners.find((one) => one.key === key) ?? {};
      const status = record?.status === 'bonded' ? ('active' as const) : (record?.status ?? 'leaving');
      const role = testAgents.find(({ wallet }) => wallet.address === owner)?.role ?? null;
      const waiting = record?.unbonding.reduce((sum, { amount }) => sum + amount, 0) ?? 0;
      return {
        ...{ key, name, owner: { address: owner, name, role } },
        ...{ bond: record?.bond ?? 0, unbonding: waiting, status },
      };
    };
    const inSet = new Set(validators.map(({ key }) => key));
    const outside = (state.get('staking')?.keys ?? []).filter((key) => !inSet.has(key)).map(viewOf);
    return {
      ...{ epoch, lastHeight, totalPower, quorumPower: quorumPower(totalPower) },
      others: outside.map((one) => ({
        ...{ ...one, releaseAtMs: 0 },
        status: one.status === 'active' ? 'joining' : one.status,
      })),
      validators: validators.map(({ key, power }, index) => ({
        ...{ ...viewOf(key), index, power, connected: true, self: key === this.key, leader: index === 0 },
        ...{ lastSignedView: this.#height, blocksProposed: index === 0 ? this.#height : 0 },
      })),
    };
  }

  consensus(): ConsensusView {
    return {
      ...{
        epoch: epochRecord(this.final().state).epoch,
        view: this.#height + 1,
        leader: this.key,
        leaderName: OWN.name,
        leaderSkipped: false,
      },
      ...{ phase: 'idle', finalizedHeight: this.#height, notarizedHeight: this.#height, finalizeMsP50: null },
      votes: { notarize: 0, nullify: 0, finalize: 0 },
    };
  }

  peers(): readonly PeerInfo[] {
    return testAgents.slice(1).map(({ validatorKey }, index) => ({
      ...{ key: validatorKey, address: `/ip4/127.0.0.1/tcp/${4_102 + index}`, direction: 'outbound' },
      connectedAtMs: this.startedAtMs,
    }));
  }

  async submit({ transaction, blobs }: TransactionEnvelope): Promise<Hash> {
    const hash = checkStateless(transaction, this.genesis.chainId, nobleVerifier);
    if (await this.store.placeOf(hash)) throw new AdmissionError('TX_KNOWN', 'it is in a final block');
    if (blobs.length !== transaction.evidence.length)
      throw new AdmissionError('TX_EVIDENCE_MISSING', 'a blob is missing');
    const named = new Map(transaction.evidence.map((name, index) => [name, blobs[index] ?? new Uint8Array()]));
    for (const [name, blob] of named) {
      if (evidenceHash(blob) !== name) throw new AdmissionError('TX_EVIDENCE_MISMATCH', `a blob is not ${name}`);
    }
    this.#pool.add({ hash, transaction, blobs: named });
    this.#emit({ type: 'pending', count: this.#pool.size });
    return hash;
  }

  subscribe(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(event: NodeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
