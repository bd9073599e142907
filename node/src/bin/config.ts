/** The configuration of one node process: a JSON file, parsed once, frozen. Paths are relative to the file. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { fromHex } from '../protocol/bytes.ts';
import { ROLES } from '../protocol/roles.ts';

const path = z.string().min(1);
const port = z.number().int().min(0).max(65_535);
const key = z.string().regex(/^[0-9a-f]{64}$/);
const timerMs = z.number().int().min(10).max(600_000);
const rateLimit = z.strictObject({ perSecond: z.number().positive(), burst: z.number().positive() });

export const nodeConfigSchema = z.strictObject({
  name: z.string().min(1).max(60),
  genesis: path,
  dataDirectory: path,
  /** File with the ed25519 seed of this node, 64 hex digits: a validator signs with it, a full node is known by it. */
  validatorKey: path,
  network: z.strictObject({
    host: z.string(),
    port,
    preset: z.enum(['local', 'wan']),
    peers: z.array(z.strictObject({ key, address: z.string() })).max(200),
    /** Timers of consensus in milliseconds, instead of the preset's: many validators on few cores need longer ones. */
    timing: z.strictObject({ leaderTimeoutMs: timerMs, advanceTimeoutMs: timerMs, resendMs: timerMs }).optional(),
  }),
  gateway: z.strictObject({
    host: z.string(),
    port,
    /** What people type: shown in the explorer's list of nodes. */
    gateways: z
      .array(
        z.strictObject({
          name: z.string(),
          url: z.url(),
          role: z.enum(ROLES).nullable(),
          /** How the other nodes reach it, where that differs from what people type. */
          internal: z.url().optional(),
        }),
      )
      .default([]),
    /** File with the bearer token for mutations. Without one, a development network trusts loopback callers. */
    adminToken: path.optional(),
    allowedOrigins: z.array(z.string()).default([]),
    explorer: path.optional(),
    /** Requests of one remote address a second, and how many may be saved up; the gateway's own limits when absent. */
    limits: z.strictObject({ reads: rateLimit, writes: rateLimit }).optional(),
  }),
  /** The agent that lives in this process; without it the node only keeps the chain. */
  agent: z
    .strictObject({
      /** File with the wallet's secp256k1 secret, 64 hex digits. */
      walletKey: path,
      role: z.enum(ROLES),
      /** A capture folder, or a folder of capture folders. */
      captures: path,
      /** Where live telemetry comes from (config/telemetry.json), for alerts that are in no capture. */
      telemetry: path.optional(),
      reasoner: z.enum(['builtin', 'openai']).default('builtin'),
      /** What the agent does beyond its steps (config/agent-policy.json); its defaults when absent. */
      policy: path.optional(),
    })
    .optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type NodeConfig = z.infer<typeof nodeConfigSchema>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws ConfigError naming the file and the field */
export function readNodeConfig(file: string): NodeConfig {
  const parsed = nodeConfigSchema.safeParse(readJson(file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not accepted'}`);
  }
  const at = (relative: string): string => resolve(dirname(file), relative);
  const config = parsed.data;
  return Object.freeze({
    ...config,
    genesis: at(config.genesis),
    dataDirectory: at(config.dataDirectory),
    validatorKey: at(config.validatorKey),
    gateway: {
      ...config.gateway,
      ...(config.gateway.adminToken && { adminToken: at(config.gateway.adminToken) }),
      ...(config.gateway.explorer && { explorer: at(config.gateway.explorer) }),
    },
    ...(config.agent && {
      agent: {
        ...config.agent,
        walletKey: at(config.agent.walletKey),
        captures: at(config.agent.captures),
        ...(config.agent.telemetry && { telemetry: at(config.agent.telemetry) }),
        ...(config.agent.policy && { policy: at(config.agent.policy) }),
      },
    }),
  });
}

/** @throws ConfigError when the file is missing or is not JSON */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}

/** A 32-byte secret in hex. @throws ConfigError */
export function readSecret(file: string): Uint8Array {
  try {
    return fromHex(readFileSync(file, 'utf8').trim(), 32);
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}
