/**
 * Four whole nodes with real directories in one process, the first of which has crash points in its storage. What they
 * send each other and make final is recorded before it happens.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ChainNode, LOCAL_TIMING } from '../../host/index.ts';
import { type Clock, type Network, StoreError, silentTelemetry } from '../../ports/index.ts';
import { toHex } from '../../protocol/bytes.ts';
import type { Genesis } from '../../protocol/genesis.ts';
import { deleteData, diskFiles, openData, ownGenesisFile, writeDurably } from '../../storage/index.ts';
import { developmentGenesis, testAgents } from '../chain-kit.ts';
import { memoryHub } from '../memory-network.ts';
import { cheapSignature, cheapVerifier } from '../simulation/cheap-keys.ts';
import { filesWithPoints, type Reach, storeWithPoints } from './crash-points.ts';
import { type CrashRecord, writeRecord } from './records.ts';

const NODES = 4;
const HEARTBEAT_MS = 100;
/** Small, so that every life compacts its log. */
const COMPACTION_BLOCKS = 6;
const DELIVERY_MS = 1;
/** The sender of all transfers, the fault mapper, never runs out of gas. */
const SENDER_BALANCE = 1_000_000_000;

const machineClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  at: (atMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, atMs - performance.now()));
    return () => clearTimeout(timer);
  },
};

const firstGenesis = (): Genesis => {
  const accounts = { fault_mapper: { balance: SENDER_BALANCE } };
  const genesis = developmentGenesis({ params: { heartbeatMs: HEARTBEAT_MS }, accounts });
  return { ...genesis, validators: genesis.validators.slice(0, NODES) };
};

export interface DoomedOptions {
  readonly directory: string;
  /** Descriptor of the file of records. */
  readonly records: number;
  readonly reach: Reach;
  readonly onFatal: (error: unknown) => void;
}

export class DoomedCluster {
  genesis: Genesis;
  nodes: readonly ChainNode[] = [];
  private readonly options: DoomedOptions;
  private readonly hub = memoryHub({ clock: machineClock, fate: () => DELIVERY_MS });
  private readonly networks: readonly Network[];

  constructor(options: DoomedOptions) {
    this.options = options;
    this.genesis = newest(options.directory) ?? firstGenesis();
    this.networks = testAgents.slice(0, NODES).map(({ validatorKey }) => this.hub.join(validatorKey));
  }

  record(record: CrashRecord): void {
    writeRecord(this.options.records, record);
  }

  private directoryOf(index: number): string {
    return join(this.options.directory, `node-${index + 1}`);
  }

  private filesOf(index: number) {
    return index === 0 ? filesWithPoints(diskFiles, this.options.reach) : diskFiles;
  }

  async start(): Promise<void> {
    const nodes: ChainNode[] = [];
    for (const index of this.networks.keys()) nodes.push(await this.startNode(index));
    this.nodes = nodes;
    const heights = nodes.map((node) => node.final().height);
    this.record({ type: 'up', chain: this.genesis.chainId, heights });
  }

  /** As a process of a development network does it: data of an older genesis goes. */
  private async startNode(index: number): Promise<ChainNode> {
    try {
      return await this.open(index);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'WRONG_GENESIS') throw error;
      await deleteData(this.directoryOf(index), this.filesOf(index));
      return this.open(index);
    }
  }

  private async open(index: number): Promise<ChainNode> {
    const { store, log } = await openData(this.directoryOf(index), { files: this.filesOf(index) });
    const key = testAgents[index]?.validatorKey ?? '';
    try {
      const node = await ChainNode.start({
        genesis: this.genesis,
        name: `node-${index + 1}`,
        store: index === 0 ? storeWithPoints(store, this.options.reach) : store,
        log,
        network: this.recorded(index),
        clock: machineClock,
        signer: { key, sign: (message) => cheapSignature(key, message) },
        verifier: cheapVerifier,
        telemetry: silentTelemetry,
        timing: LOCAL_TIMING,
        logCompactionBlocks: COMPACTION_BLOCKS,
        onFatal: this.options.onFatal,
      });
      const chain = this.genesis.chainId;
      node.subscribe((event) => {
        if (event.type !== 'finalized') return;
        const { block, hash } = event.block;
        this.record({ type: 'final', chain, node: index, height: block.header.height, hash });
      });
      return node;
    } catch (error) {
      await log.close();
      await store.close();
      throw error;
    }
  }

  private recorded(index: number): Network {
    const network = this.networks[index] as Network; // joined by the constructor
    const chain = this.genesis.chainId;
    const note = (bytes: Uint8Array): void => this.record({ type: 'sent', chain, node: index, message: toHex(bytes) });
    return {
      ...network,
      sendConsensus: (to, bytes) => {
        note(bytes);
        network.sendConsensus(to, bytes);
      },
      broadcastConsensus: (bytes) => {
        note(bytes);
        network.broadcastConsensus(bytes);
      },
    };
  }

  /** The steps of a node's reset in their order (bin/start-node.ts), for all nodes. */
  async reset(): Promise<void> {
    const { directory } = this.options;
    const next = { ...this.genesis, chainId: `${this.genesis.chainId}-r`, timestampMs: Date.now() };
    const text = JSON.stringify(next);
    for (const path of [join(directory, 'genesis.json'), ownGenesisFile(this.directoryOf(0))]) {
      await writeDurably(path, text, this.filesOf(0));
    }
    await this.stop();
    for (const index of this.networks.keys()) await deleteData(this.directoryOf(index), this.filesOf(index));
    this.genesis = next;
    await this.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

function newest(directory: string): Genesis | undefined {
  const file = join(directory, 'genesis.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Genesis) : undefined;
}
