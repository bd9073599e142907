/** What the gateway needs of the process around it. Only a composition root makes one. */
import type { HttpBindings } from '@hono/node-server';
import type { Clock, NodeView, TelemetrySink } from '../ports/index.ts';
import type { AlertInput } from '../protocol/api/index.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { Role } from '../protocol/roles.ts';
import type { Address, Hash } from '../protocol/types.ts';

/** The agent that lives in this node's process. */
export interface GatewayAgent {
  readonly address: Address;
  readonly role: Role;
  readonly name: string;
  /** Submits the alert as this agent's observation. */
  raiseAlert(alert: AlertInput): Promise<{ readonly transaction: Hash }>;
}

export interface GatewayAddress {
  readonly name: string;
  readonly url: string;
  readonly role: Role | null;
}

/** Requests of one remote address: tokens a second, and how many may be saved up. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface GatewayDeps {
  readonly node: NodeView;
  /** The nonce that the pool would take next from a sender. */
  nextNonce(address: Address): number;
  /** Text of all metrics in the format of Prometheus. */
  metrics(): Promise<string>;
  readonly version: string;
  readonly agent?: GatewayAgent;
  /** The gateways of the network, for people; their hosts may be named by requests that change something. */
  readonly gateways: readonly GatewayAddress[];
  /** Folder of the built explorer. */
  readonly explorerDirectory?: string;
  /** Bearer token of mutations. Without one, a development network trusts callers on loopback. */
  readonly adminToken?: string;
  readonly allowedOrigins: readonly string[];
  /**
   * Starts the network anew. `null`: a person asks, so make the next genesis and tell the other nodes; otherwise
   * another node tells. Resolves when this node runs on the new genesis.
   */
  reset?(request: { readonly genesis: Genesis } | null): Promise<void>;
  /** Text of an incident's audit bundle. */
  bundle(incidentId: string): Promise<string | undefined>;
  readonly clock: Clock;
  readonly telemetry: TelemetrySink;
  readonly limits?: { readonly reads?: RateLimit; readonly writes?: RateLimit; readonly streams?: number };
}

/** The socket is there in a server, and whatever a test says otherwise. */
export type GatewayEnv = { Bindings: Partial<HttpBindings> };
