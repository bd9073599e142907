/** Whole nodes on simulated time, network and disks: what a machine's owner can do to them, and what they answer. */
import { leaderCycle, leaderOf } from '../../consensus/index.ts';
import { ChainNode, LOCAL_TIMING } from '../../host/index.ts';
import { type StoredBlock, silentTelemetry } from '../../ports/index.ts';
import type { Genesis } from '../../protocol/genesis.ts';
import { voteSigningRoot } from '../../protocol/hashing.ts';
import type { Validator, ValidatorKey, Vote, VoteSubject } from '../../protocol/types.ts';
import { validatorSetOfGenesis } from '../../protocol/validator-set.ts';
import { decodeConsensusMessage } from '../../protocol/wire.ts';
import { developmentGenesis, type TestAgent, testAgents } from '../chain-kit.ts';
import { type MemoryHub, memoryHub } from '../memory-network.ts';
import type { Actor, ActorHands } from './byzantine/index.ts';
import { cheaplySigned, cheapSignature, cheapVerifier } from './cheap-keys.ts';
import { ConsensusMonitor } from './consensus-monitor.ts';
import { HEARTBEAT_MS, OTHER_EPOCH } from './constants.ts';
import type { Fault, Machine, Scenario } from './scenario.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { uplinked } from './simulated-network.ts';
import { SimulatedTime } from './simulated-time.ts';
import { Violation } from './violation.ts';

interface Member {
  readonly index: number;
  readonly machine: Machine;
  readonly disk: SimulatedDisk;
  readonly actor: Actor | null;
  readonly network: ReturnType<MemoryHub['join']>;
  node: ChainNode | undefined;
  /** Odd while the machine is up or coming up. */
  life: number;
  finalHeight: number;
  /** In this life. */
  equivocationsSeen: number;
}

/** Validators that are there from the genesis on; where epochs are short, one more comes later. */
const FOUNDERS = testAgents.length;
export const JOINER_KEY = 'b0'.repeat(32);
const JOINER_STARTS_MS = 1_500;
const JOINER_MACHINE: Machine = { clockRate: 1, clockOffsetMs: 0, diskMsMax: 4 };
/** Whole nodes do more in a block than bare cores: their epochs are not quite as short. */
const NODE_EPOCH_BLOCKS_MIN = 5;
/** Reports equivocation for all nodes; it sends nothing else, so that nobody's nonces get mixed up. */
export const REPORTER_INDEX = FOUNDERS - 1;
const REPORTER = (testAgents[REPORTER_INDEX] as TestAgent).wallet; // there are as many agents as founders

export class SimulatedNodes {
  readonly genesis: Genesis;
  readonly scenario: Scenario;
  readonly time: SimulatedTime;
  /** Whether the validator set changes during the run. */
  readonly hasEpochs: boolean;
  readonly monitor: ConsensusMonitor;
  /** The first thing that went wrong where nobody awaits it. */
  violation: Violation | null = null;
  private readonly hub: MemoryHub;
  private readonly keys: readonly ValidatorKey[];
  private readonly members: Member[];
  private readonly sets = new Map<number, readonly Validator[]>();
  private groups: readonly number[] = [];
  private cut = new Set<string>();
  private calm = false;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    const { random, epochBlocks } = scenario;
    this.hasEpochs = epochBlocks < Number.MAX_SAFE_INTEGER;
    this.genesis = developmentGenesis({
      params: { heartbeatMs: HEARTBEAT_MS },
      ...(this.hasEpochs && { epochBlocks: Math.max(NODE_EPOCH_BLOCKS_MIN, epochBlocks) }),
    });
    this.time = new SimulatedTime(this.genesis.timestampMs + 1_000);
    const founders = testAgents.map(({ validatorKey }) => validatorKey);
    this.keys = this.hasEpochs ? [...founders, JOINER_KEY] : founders;
    const { validators } = validatorSetOfGenesis(this.genesis);
    this.sets.set(0, validators);
    this.monitor = new ConsensusMonitor({
      setOf: (epoch) => this.sets.get(epoch),
      isHonest: (key) => !scenario.byzantine.has(this.keys.indexOf(key)),
      epochAt: (height) => this.epochAt(height),
    });
    const clock = this.time.clockOf({ clockRate: 1, clockOffsetMs: 0, diskMsMax: 0 });
    this.hub = memoryHub({ clock, fate: ({ from, to }) => this.fate(this.keys.indexOf(from), this.keys.indexOf(to)) });
    this.members = this.keys.map((key, index) => {
      // The scenario has one for every founder.
      const machine = index < FOUNDERS ? (scenario.machines[index] as Machine) : JOINER_MACHINE;
      const disk = new SimulatedDisk(this.time, random, machine.diskMsMax);
      const actor = scenario.byzantine.get(index)?.create(this.hands(index)) ?? null;
      return {
        index,
        machine,
        disk,
        actor,
        network: this.hub.join(key),
        node: undefined,
        life: 0,
        finalHeight: 0,
        equivocationsSeen: 0,
      };
    });
    if (this.hasEpochs) this.time.after(JOINER_STARTS_MS, () => void this.start(FOUNDERS));
    for (const { atMs, fault } of scenario.faults) this.time.after(atMs, () => this.inflict(fault));
  }

  private epochAt(height: number): number {
    return Math.floor((height - 1) / this.genesis.epochBlocks);
  }

  /** The epoch that a machine's node is in, and its own place in the set; the first where the node is down. */
  private placeOf(index: number): {
    readonly epoch: number;
    readonly set: readonly Validator[];
    readonly self: number;
  } {
    const epoch = this.members[index]?.node?.consensus().epoch ?? 0;
    const set = this.sets.get(epoch) ?? [];
    return { epoch, set, self: set.findIndex(({ key }) => key === this.keys[index]) };
  }

  private hands(validator: number): ActorHands {
    const vote = (by: number, subject: VoteSubject): Vote => ({
      ...subject,
      validator: Math.max(0, this.sets.get(subject.epoch)?.findIndex(({ key }) => key === this.keys[by]) ?? by),
      signature: cheapSignature(this.keys[by] ?? '', voteSigningRoot(this.genesis.chainId, subject)),
    });
    return {
      validator,
      key: this.keys[validator] ?? '',
      peers: [...this.keys.keys()].filter((index) => index !== validator),
      random: this.scenario.random,
      sign: (kind, view, block) => vote(validator, { kind, epoch: this.placeOf(validator).epoch, view, block }),
      foreignVote: (by, kind, view, block) => vote(by, { kind, epoch: OTHER_EPOCH, view, block }),
      leads: (view) => {
        const { epoch, set, self } = this.placeOf(validator);
        return leaderOf(leaderCycle(set), epoch, view) === self;
      },
    };
  }

  private fate(from: number, to: number): number | 'lost' {
    const { random, loss, delayMsMax } = this.scenario;
    if (this.groups[from] !== this.groups[to] || this.cut.has(`${from}>${to}`)) return 'lost';
    if (!this.calm && random.chance(loss)) return 'lost';
    return 1 + random.next() * delayMsMax;
  }

  private broke(error: unknown): void {
    this.violation ??=
      error instanceof Violation ? error : new Violation('crash', (error as Error).stack ?? `${error}`);
  }

  async start(index: number): Promise<void> {
    const member = this.members[index];
    if (!member || member.life % 2 === 1) return;
    member.life += 1;
    const { life } = member;
    const isAlive = (): boolean => member.life === life;
    const key = this.keys[index] ?? '';
    const { store, log } = await member.disk.open();
    const { scenario, time, keys } = this;
    const onSent = (bytes: Uint8Array): void => this.watch(() => this.monitor.sent(key, decodeConsensusMessage(bytes)));
    const link = { time, random: scenario.random, scenario, keys, actor: member.actor, isAlive, onSent };
    try {
      const node = await ChainNode.start({
        genesis: this.genesis,
        name: `node-${index + 1}`,
        store,
        log,
        network: uplinked(member.network, link),
        clock: time.clockOf(member.machine),
        signer: { key, sign: (message) => cheapSignature(key, message) },
        verifier: cheapVerifier,
        telemetry: {
          ...silentTelemetry,
          count: (name) => {
            if (name === 'equivocations_seen' && isAlive()) member.equivocationsSeen += 1;
          },
        },
        ...(this.hasEpochs && { reporter: { ...REPORTER, sign: cheaplySigned } }),
        timing: LOCAL_TIMING,
        onFatal: (error) => isAlive() && this.broke(error),
      });
      if (!isAlive()) return void node.stop().catch(() => {});
      member.disk.begun();
      member.node = node;
      this.learn(node);
      member.equivocationsSeen = 0;
      node.subscribe((event) => {
        if (event.type === 'finalized' && isAlive()) this.watch(() => this.finalized(member, event.block));
      });
    } catch (error) {
      if (isAlive()) this.broke(error);
    }
  }

  private watch(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.broke(error);
    }
  }

  /** Who certifies the block after a node's newest final one. */
  private learn(node: ChainNode): void {
    const record = node.final().state.get('validators');
    if (record) this.sets.set(record.epoch, record.validators);
  }

  private finalized(member: Member, { block, hash }: StoredBlock): void {
    const { height, stateRoot } = block.header;
    if (!member.actor) this.monitor.agreed(height, hash);
    member.finalHeight = Math.max(member.finalHeight, height);
    if (member.node) this.learn(member.node);
    const tip = member.node?.final();
    if (tip?.height === height && tip.state.root() !== stateRoot) {
      throw new Violation('roots-equal', `node ${member.index} at height ${height}`);
    }
  }

  crash(index: number): void {
    const member = this.members[index];
    if (!member || member.life % 2 === 0) return;
    member.life += 1;
    member.disk.crash();
    const { node } = member;
    member.node = undefined;
    // The dead life ends in its own time: its disk and its network are gone already.
    void node?.stop().catch(() => {});
    if (!node) void member.network.stop();
  }

  private inflict(fault: Fault): void {
    if (this.calm) return;
    switch (fault.type) {
      case 'crash':
        for (const index of fault.nodes) {
          this.crash(index);
          this.time.after(fault.downMs, () => void this.start(index));
        }
        return;
      case 'partition':
        this.groups = fault.groups;
        // One half of the splits breaks the connections, in the other half packets vanish and nobody is told.
        if (this.scenario.random.chance(0.5)) {
          this.hub.partition([0, 1].map((group) => this.keys.filter((_, index) => fault.groups[index] === group)));
        }
        return;
      case 'cut':
        this.cut = new Set(fault.pairs);
        return;
      case 'heal':
        this.groups = [];
        this.cut.clear();
        this.hub.heal();
    }
  }

  async heal(): Promise<void> {
    this.inflict({ type: 'heal' });
    this.calm = true;
    for (const { disk } of this.members) disk.heal();
    for (const { index } of this.members) await this.start(index);
  }

  /** Nodes that run, with the life they are in. */
  running(): readonly { readonly index: number; readonly life: number; readonly node: ChainNode }[] {
    return this.members.flatMap(({ index, life, node }) => (node ? [{ index, life, node }] : []));
  }

  honest(): readonly ChainNode[] {
    return this.members.flatMap(({ actor, node }) => (node && !actor ? [node] : []));
  }

  /**
   * True for an honest founder that has not crashed since: what it accepted is its to bring into the chain. The joiner
   * leads seldom or never; it can only pass a transaction on, once, and that may be lost.
   */
  keepsItsWord(index: number, life: number): boolean {
    const member = this.members[index];
    return member?.life === life && !member.actor && index < FOUNDERS;
  }

  /** Equivocations that honest nodes which still run have seen. */
  equivocationsSeen(): number {
    return this.members.reduce((sum, { actor, equivocationsSeen }) => sum + (actor ? 0 : equivocationsSeen), 0);
  }

  /** Liars may neither leave nor be left with too much power. */
  isLiar(index: number): boolean {
    return this.scenario.byzantine.has(index);
  }

  stopAll(): void {
    for (const { index } of this.members) this.crash(index);
  }
}
