/** One node process: the chain, its gateway, and the agent that lives in it, as one thing that starts, stops and resets. */
import { existsSync, readFileSync } from 'node:fs';
import { createClient } from '../client.ts';
import { createGateway, type Gateway, serveGateway } from '../gateway/index.ts';
import type { NodeView, TelemetrySink } from '../ports/index.ts';
import type { AlertInput } from '../protocol/api/index.ts';
import { AuditError, buildBundle, encodeBundle } from '../protocol/audit/index.ts';
import { textOf } from '../protocol/bytes.ts';
import { canonicalText } from '../protocol/canonical.ts';
import { type Genesis, genesisSchema } from '../protocol/genesis.ts';
import type { Role } from '../protocol/roles.ts';
import type { Address, Hash } from '../protocol/types.ts';
import { deleteData, ownGenesisFile, writeDurably } from '../storage/index.ts';
import { parseGenesis } from '../vm/index.ts';
import { type ChainProcess, type NetworkWrapper, startChain } from './chain-process.ts';
import { ConfigError, type NodeConfig, readJson } from './config.ts';
import { applyIsolation } from './isolation.ts';
import { networkMetrics } from './network-metrics.ts';
import { systemClock } from './system-clock.ts';
import { createTelemetry } from './telemetry.ts';
import { watchGenesis } from './watch-genesis.ts';

const VERSION = '0.1.0';

/** What the agent of a node gets to work with. */
export interface AgentContext {
  readonly node: NodeView & { nextNonce(sender: Address): number };
  readonly telemetry: TelemetrySink;
}

export interface AgentHandle {
  readonly address: Address;
  readonly role: Role;
  readonly name: string;
  raiseAlert(alert: AlertInput): Promise<{ readonly transaction: Hash }>;
  stop(): Promise<void>;
}

export interface NodeProcess {
  /** Where the gateway listens; differs from the configuration when that said port 0. */
  readonly gatewayPort: number;
  /** Reads the isolation marker again (isolation.ts); development networks only. */
  isolation(): void;
  stop(): Promise<void>;
}

interface Life {
  readonly genesis: Genesis;
  readonly chain: ChainProcess;
  readonly agent: AgentHandle | undefined;
  readonly gateway: Gateway;
}

/**
 * Starts everything.
 * @param startAgent makes the agent of this node; absent for a node without one
 * @param onFatal the process cannot go on
 * @param wrapNetwork for test builds only
 * @throws ConfigError, GenesisError, StoreError
 */
export async function startNode(
  config: NodeConfig,
  startAgent: ((context: AgentContext) => Promise<AgentHandle>) | undefined,
  onFatal: (error: unknown) => void,
  wrapNetwork?: NetworkWrapper,
): Promise<NodeProcess> {
  const telemetry = createTelemetry(config.name, config.logLevel);
  const adminToken = config.gateway.adminToken && readFileSync(config.gateway.adminToken, 'utf8').trim();

  const begin = async (genesis: Genesis): Promise<Life> => {
    const chain = await startChain(config, genesis, telemetry, onFatal, wrapNetwork);
    const { node, network } = chain;
    applyIsolation(config, genesis, network, telemetry);
    const agent = await startAgent?.({ node, telemetry });
    const gateway = createGateway({
      node,
      nextNonce: (address) => node.nextNonce(address),
      metrics: async () => (await telemetry.metrics()) + networkMetrics(network.counters()),
      version: VERSION,
      ...(agent && { agent }),
      gateways: config.gateway.gateways.map(({ name, url, role }) => ({ name, url, role })),
      ...(config.gateway.explorer && { explorerDirectory: config.gateway.explorer }),
      ...(adminToken && { adminToken }),
      allowedOrigins: config.gateway.allowedOrigins,
      ...(config.gateway.limits && { limits: config.gateway.limits }),
      reset: (request) => reset(request),
      bundle: (incidentId) => bundleOf(node, incidentId),
      clock: systemClock,
      telemetry,
    });
    telemetry.log('info', 'node started', { chainId: genesis.chainId, height: node.final().height });
    return { genesis, chain, agent, gateway };
  };

  const end = async ({ chain, agent, gateway }: Life): Promise<void> => {
    gateway.close();
    await agent?.stop();
    await chain.node.stop();
  };

  /** A person's request makes the next genesis and tells the others; another node's request brings it. */
  const reset = async (request: { readonly genesis: Genesis } | null): Promise<void> => {
    const genesis = request ? checkSuccessor(life.genesis, request.genesis) : successorOf(life.genesis);
    if (genesis.chainId === life.genesis.chainId) return;
    await keepGenesis(config, genesis, telemetry);
    if (!request) await tellOthers(config, genesis, adminToken, telemetry);
    await end(life);
    await deleteData(config.dataDirectory);
    life = await begin(genesis);
  };

  let life = await begin(newestGenesis(config));
  const isListed = life.genesis.validators.some(({ key }) => key === life.chain.node.key);
  const endWatch =
    isListed || life.genesis.network !== 'development'
      ? () => {}
      : watchGenesis(config.genesis, (genesis) => reset({ genesis }), telemetry);
  const server = await serveGateway(() => life.gateway, { host: config.gateway.host, port: config.gateway.port });
  return {
    gatewayPort: server.port,
    isolation: () => applyIsolation(config, life.genesis, life.chain.network, telemetry),
    stop: async () => {
      endWatch();
      await end(life);
      await server.close();
    },
  };
}

/** The audit bundle of an incident as canonical JSON; undefined when there is no such incident. */
async function bundleOf(node: NodeView, incidentId: string): Promise<string | undefined> {
  const { height, state } = node.final();
  try {
    const bundle = await buildBundle(
      {
        genesis: node.genesis,
        genesisHash: node.genesisHash,
        state: { height, reader: state },
        block: (at) => node.store.blockAt(at),
        evidence: (hash) => node.store.evidence(hash),
        setChanges: () => node.store.setChanges(),
      },
      incidentId,
    );
    return textOf(encodeBundle(bundle));
  } catch (error) {
    if (error instanceof AuditError && error.code === 'INCIDENT_UNKNOWN') return undefined;
    throw error;
  }
}

/** The same network anew: another chain id, so that nothing of the old chain is valid or even heard on the new one. */
function successorOf(genesis: Genesis): Genesis {
  const [, stem, count] = /^(.*?)(?:-r(\d+))?$/.exec(genesis.chainId) ?? [];
  return { ...genesis, chainId: `${stem}-r${Number(count ?? 0) + 1}`, timestampMs: systemClock.wallMs() };
}

/** A reset changes the chain id and the time, never who takes part. @throws ConfigError */
function checkSuccessor(genesis: Genesis, next: Genesis): Genesis {
  const parsed = genesisSchema.parse(next);
  const same = { ...parsed, chainId: genesis.chainId, timestampMs: genesis.timestampMs };
  if (canonicalText(same) !== canonicalText(genesis)) throw new ConfigError('a reset cannot change who takes part');
  return parsed;
}

/** The configured genesis, or the newer one that a reset left in the node's own folder. */
function newestGenesis(config: NodeConfig): Genesis {
  const configured = parseGenesis(readJson(config.genesis));
  const file = ownGenesisFile(config.dataDirectory);
  if (!existsSync(file)) return configured;
  const own = parseGenesis(readJson(file));
  return own.timestampMs > configured.timestampMs ? checkSuccessor(configured, own) : configured;
}

/** Where it can be written into the shared file, so that nodes that are down see it, and into the node's own folder. */
async function keepGenesis(config: NodeConfig, genesis: Genesis, telemetry: TelemetrySink): Promise<void> {
  const text = `${JSON.stringify(genesis, null, 2)}\n`;
  try {
    await writeDurably(config.genesis, text);
  } catch (error) {
    telemetry.log('info', 'the configured genesis stays as it is', { error: String(error) });
  }
  await writeDurably(ownGenesisFile(config.dataDirectory), text);
}

async function tellOthers(
  config: NodeConfig,
  genesis: Genesis,
  token: string | undefined,
  telemetry: TelemetrySink,
): Promise<void> {
  const others = config.gateway.gateways.filter(({ name }) => name !== config.name);
  await Promise.all(
    others.map(async ({ name, url, internal }) => {
      try {
        await createClient({ baseUrl: internal ?? url, ...(token && { token }) }).reset({ genesis });
      } catch (error) {
        telemetry.log('warn', 'a node was not told of the reset; it takes the new genesis when it starts', {
          name,
          error: String(error),
        });
      }
    }),
  );
}
