/**
 * Test-only: agents of all roles on a chain that makes blocks when they want them. A block follows at once when
 * somebody submitted something; when nobody has anything left to do, block time goes on by a heartbeat.
 */
import { fileURLToPath } from 'node:url';
import {
  type AlertInput,
  type Hash,
  type IncidentRecord,
  ROLES,
  type Role,
  type Transcript,
} from '@dao-gov/node/protocol';
import { type Ledger, type LocalNode, localLedger } from '../../ledger/index.ts';
import { builtinReasoner, type Reasoner } from '../../reasoners/index.ts';
import { captureSource } from '../../telemetry/index.ts';
import { type Agent, startAgent } from '../agent.ts';
import { type Analyst, inlineAnalyst } from '../analyst.ts';
import { documentOf } from '../evidence/blob.ts';
import type { AgentPolicy } from '../policy.ts';
import type { AgentClock, AgentSink } from '../ports.ts';
import { agentWallet } from '../wallet.ts';

export const SAMPLES = fileURLToPath(new URL('../../../../data', import.meta.url));

/** What the fixture needs of the simulated chain. */
export interface SimulatedChain extends LocalNode {
  readonly clock: AgentClock;
  pendingCount(): number;
  produce(afterMs?: number): unknown;
}

const HEARTBEAT_MS = 500;
/** Blocks after which a run counts as stuck: an incident with every deadline missed takes far fewer. */
const BLOCKS_MAX = 3_000;

export interface AgentOptions {
  readonly reasoner?: Reasoner;
  readonly analyst?: Analyst;
  readonly sink?: AgentSink;
  readonly policy?: AgentPolicy;
  /** Another way to the same chain than within the process. */
  readonly ledger?: Ledger;
}

/** @param secretOf the wallet secret of a role, as the chain's genesis knows it */
export class AgentsOnChain {
  readonly chain: SimulatedChain;
  readonly #secretOf: (role: Role) => Uint8Array;
  readonly #agents = new Map<Role, Agent>();

  constructor(chain: SimulatedChain, secretOf: (role: Role) => Uint8Array) {
    this.chain = chain;
    this.#secretOf = secretOf;
  }

  start(role: Role, { reasoner = builtinReasoner, analyst, sink, policy, ledger }: AgentOptions = {}): Agent {
    const wallet = agentWallet(this.#secretOf(role));
    const agent = startAgent({
      ...{ role, name: role, wallet, reasoner, clock: this.chain.clock },
      ledger: ledger ?? localLedger(this.chain, wallet.address),
      analyst: analyst ?? inlineAnalyst(captureSource(SAMPLES)),
      ...(sink && { sink }),
      ...(policy && { policy }),
    });
    this.#agents.set(role, agent);
    return agent;
  }

  startAll(options: Partial<Record<Role, AgentOptions>> = {}, except: readonly Role[] = []): void {
    for (const role of ROLES) if (!except.includes(role)) this.start(role, options[role]);
  }

  agent(role: Role): Agent {
    const agent = this.#agents.get(role);
    if (agent === undefined) throw new Error(`no agent ${role}`);
    return agent;
  }

  /** Ends an agent as a crash would: what it knew is gone. */
  async kill(role: Role): Promise<void> {
    await this.agent(role).stop();
    this.#agents.delete(role);
  }

  async stop(): Promise<void> {
    for (const role of [...this.#agents.keys()]) await this.kill(role);
  }

  /** Has an alert raised. @returns the transaction's hash */
  async raise(alert: AlertInput, by: Role): Promise<Hash> {
    const { transaction } = await this.agent(by).raiseAlert(alert);
    return transaction;
  }

  /** Makes blocks until the condition holds. @throws Error when it never does */
  async until(condition: () => boolean, blocksMax = BLOCKS_MAX): Promise<void> {
    for (let blocks = 0; !condition(); blocks += 1) {
      if (blocks === blocksMax) throw new Error(`nothing came of ${blocksMax} blocks: ${this.#situation()}`);
      await this.#quiet();
      if (condition()) return;
      if (this.chain.pendingCount() > 0) this.chain.produce();
      else this.chain.produce(HEARTBEAT_MS);
    }
  }

  /** Until somebody has submitted something, or nobody has anything to do. */
  async #quiet(): Promise<void> {
    // What was told over a stream arrives a moment later.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.chain.pendingCount() > 0) return;
    let unsubscribe = (): void => {};
    const submitted = new Promise<void>((resolve) => {
      unsubscribe = this.chain.subscribe(({ type }) => type === 'pending' && resolve());
    });
    await Promise.race([submitted, Promise.all([...this.#agents.values()].map((agent) => agent.settled()))]);
    unsubscribe();
  }

  incident(incidentId = 'INC-0001'): IncidentRecord | undefined {
    return this.chain.final().state.get('incident', incidentId);
  }

  /** All transcripts that stand behind these evidence hashes. */
  async transcripts(hashes: readonly string[]): Promise<readonly Transcript[]> {
    const blobs = await Promise.all(hashes.map((hash) => this.chain.store.evidence(hash)));
    return blobs.flatMap((blob) => {
      const document = blob && documentOf(blob);
      return document?.kind === 'transcript' ? [document] : [];
    });
  }

  #situation(): string {
    const incident = this.incident();
    return incident === undefined ? 'no incident' : `${incident.state}, due: ${incident.stepDue || 'nothing'}`;
  }
}
