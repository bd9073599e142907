/**
 * The files of a network: one genesis, and a folder for each node with its keys and its configuration. Keys are made
 * here, once, and never leave the folder; the genesis holds their public halves only.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Genesis,
  genesisSchema,
  paramsSchema,
  ROLE_TITLES,
  ROLES,
  type Role,
  toHex,
  validatorKeyOf,
  walletOf,
} from '@dao-gov/node/protocol';
import { z } from 'zod';
import { GATEWAY_PORT, P2P_PORT } from './ports.ts';

const presetSchema = z.strictObject({
  chainId: z.string(),
  network: z.enum(['development', 'production']),
  epochBlocks: z.number().int(),
  treasury: z.number().int(),
  agent: z.strictObject({
    balance: z.number().int(),
    stake: z.number().int(),
    reputation: z.number().int(),
    bond: z.number().int(),
  }),
  params: paramsSchema,
});

interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** What a network may have otherwise than the presets say; the same for all its nodes. */
export interface NodeSettings {
  /** Timers of consensus, in milliseconds. */
  readonly timing?: {
    readonly leaderTimeoutMs: number;
    readonly advanceTimeoutMs: number;
    readonly resendMs: number;
  };
  /** Requests that one remote address may make at each gateway. */
  readonly limits?: { readonly reads: RateLimit; readonly writes: RateLimit };
}

/** How the nodes of a network reach each other and the world. */
export interface Placement extends NodeSettings {
  /** Where node `index` (0..6) listens and is reached. */
  readonly p2p: (index: number) => { readonly host: string; readonly port: number; readonly address: string };
  /** `url` is what people type; `internal` is how the other nodes reach it, where that differs. */
  readonly gateway: (index: number) => {
    readonly host: string;
    readonly port: number;
    readonly url: string;
    readonly internal?: string;
  };
  /** Folder of chain and log; a relative one is inside the node's own folder. */
  readonly dataDirectory: string;
  readonly preset: 'local' | 'wan';
  /** Path of the capture folder as the node process sees it. */
  readonly captures: string;
  /** Path of the configuration of live telemetry as the node process sees it. */
  readonly telemetry?: string;
  /** Path of what the agents do beyond their steps as the node process sees it; their defaults when absent. */
  readonly policy?: string;
  /** Path of the built explorer as the node process sees it. */
  readonly explorer: string;
  readonly reasoner: 'builtin' | 'openai';
  /** Nodes whose agent lives in their process, by number; all seven when absent. Each agent has wallet and account anyway. */
  readonly agents?: readonly number[];
  /** A token is written and wanted for mutations; without it a development network trusts loopback callers. */
  readonly adminToken: boolean;
}

/** What docker-compose.yml expects: in containers all nodes listen on the same ports, outside they are told apart. */
export const composePlacement: Placement = {
  p2p: (index) => ({ host: '0.0.0.0', port: P2P_PORT, address: `/dns4/node-${index + 1}/tcp/${P2P_PORT}` }),
  gateway: (index) => ({
    host: '0.0.0.0',
    port: GATEWAY_PORT,
    url: `http://localhost:${GATEWAY_PORT + index}`,
    internal: `http://node-${index + 1}:${GATEWAY_PORT}`,
  }),
  dataDirectory: '/data',
  preset: 'wan',
  captures: '/captures',
  explorer: '/app/explorer/dist',
  reasoner: 'builtin',
  adminToken: true,
};

export interface NetworkFiles {
  readonly directory: string;
  readonly genesis: Genesis;
}

/** Writes a secret that only its owner reads. */
export const secret = (file: string, text: string): void => {
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
};

/**
 * A language model thinks for seconds, not milliseconds: with the preset's windows it would never be asked in time. A
 * vote closes as soon as everybody has voted, so only silence takes longer.
 */
const MODEL_WINDOWS = { stepDeadlineMs: 30_000, commitWindowMs: 30_000, revealWindowMs: 10_000 } as const;

/** Fresh keys of one node, valid for their curves. */
function makeKeys() {
  const validator = new Uint8Array(randomBytes(32));
  for (;;) {
    const wallet = new Uint8Array(randomBytes(32));
    try {
      return { validator, wallet, account: walletOf(wallet), key: validatorKeyOf(validator) };
    } catch {
      // Not a scalar of the curve: one chance in 2^128.
    }
  }
}

/** Validators that a network of this project's scripts may have: the fewest that bear a fault, and what one machine holds. */
export const VALIDATORS_FEWEST = 4;
export const VALIDATORS_MOST = 25;

/**
 * Writes the files of a new network into an empty or missing folder. The first seven nodes have an agent each; those
 * beyond keep the chain only, and their bonds are the agents', in turn.
 * @param presetFile amounts, windows and names, such as `config/testnet.json`
 * @param validators nodes of the network, 4 to 25
 */
export function createNetwork(
  directory: string,
  presetFile: string,
  placement: Placement,
  validators: number = ROLES.length,
): NetworkFiles {
  if (!Number.isInteger(validators) || validators < VALIDATORS_FEWEST || validators > VALIDATORS_MOST) {
    throw new RangeError(`${validators} validators: ${VALIDATORS_FEWEST} to ${VALIDATORS_MOST} are possible`);
  }
  const preset = presetSchema.parse(JSON.parse(readFileSync(presetFile, 'utf8')));
  const nodes = Array.from({ length: validators }, (_, index) => ({
    role: ROLES[index] ?? null,
    index,
    name: `node-${index + 1}`,
    ...makeKeys(),
  }));
  const agents = nodes.flatMap(({ role, account }) => (role === null ? [] : [{ role, account }]));
  // Never undefined: the index is taken modulo the length.
  const ownerOf = (index: number): string => agents[index % agents.length]?.account.address ?? '';
  const { balance, stake, reputation, bond } = preset.agent;
  const genesis = genesisSchema.parse({
    version: 1,
    chainId: preset.chainId,
    network: preset.network,
    timestampMs: Date.now(),
    epochBlocks: preset.epochBlocks,
    treasury: preset.treasury,
    agents: agents.map(({ role, account }) => ({
      role,
      name: ROLE_TITLES[role].title,
      address: account.address,
      publicKey: account.publicKey,
      balance,
      stake,
      reputation,
    })),
    validators: nodes.map(({ key, index, name }) => ({ key, owner: ownerOf(index), name, bond })),
    params: { ...preset.params, ...(placement.reasoner === 'openai' && MODEL_WINDOWS) },
  });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'genesis.json'), `${JSON.stringify(genesis, null, 2)}\n`);
  if (placement.adminToken) secret(join(directory, 'admin.token'), toHex(new Uint8Array(randomBytes(32))));
  const peers = nodes.map(({ key, index }) => ({ key, address: placement.p2p(index).address }));
  const gateways = nodes.map(({ name, index, role }) => {
    const { url, internal } = placement.gateway(index);
    return { name, url, role, ...(internal && { internal }) };
  });
  for (const node of nodes) writeNode(directory, node, placement, peers, gateways);
  return { directory, genesis };
}

interface NodeKeys {
  /** Null for a node without an agent. */
  readonly role: Role | null;
  readonly index: number;
  readonly name: string;
  readonly validator: Uint8Array;
  readonly wallet: Uint8Array;
}

function writeNode(
  directory: string,
  { role, index, name, validator, wallet }: NodeKeys,
  placement: Placement,
  peers: readonly unknown[],
  gateways: readonly unknown[],
): void {
  const folder = join(directory, name);
  mkdirSync(folder, { recursive: true });
  secret(join(folder, 'validator.key'), toHex(validator));
  if (role !== null) secret(join(folder, 'wallet.key'), toHex(wallet));
  const { host, port } = placement.p2p(index);
  const gateway = placement.gateway(index);
  const config = {
    name,
    genesis: '../genesis.json',
    dataDirectory: placement.dataDirectory,
    validatorKey: 'validator.key',
    network: { host, port, preset: placement.preset, peers, ...(placement.timing && { timing: placement.timing }) },
    gateway: {
      host: gateway.host,
      port: gateway.port,
      gateways,
      ...(placement.adminToken && { adminToken: '../admin.token' }),
      explorer: placement.explorer,
      ...(placement.limits && { limits: placement.limits }),
    },
    ...(role !== null &&
      (placement.agents?.includes(index + 1) ?? true) && {
        agent: {
          walletKey: 'wallet.key',
          role,
          captures: placement.captures,
          ...(placement.telemetry !== undefined && { telemetry: placement.telemetry }),
          reasoner: placement.reasoner,
          ...(placement.policy !== undefined && { policy: placement.policy }),
        },
      }),
    logLevel: 'info',
  };
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
