/** Who calls: the remote address, the host that was asked for, the page that the call comes from. */
import type { Context } from 'hono';
import type { GatewayEnv } from './deps.ts';

/** Empty where there is no socket. */
export const remoteOf = (c: Context<GatewayEnv>): string => c.env?.incoming?.socket?.remoteAddress ?? '';

/** True for a caller on this very machine that comes directly: behind a proxy everybody seems to. */
export function isLoopback(c: Context<GatewayEnv>): boolean {
  if (c.req.header('x-forwarded-for') !== undefined || c.req.header('forwarded') !== undefined) return false;
  const address = remoteOf(c).replace(/^::ffff:/, '');
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}

/** Host and port that the request names, in lower case. */
export const hostOf = (c: Context<GatewayEnv>): string =>
  (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();

/** Without the port. */
export function hostnameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}

/** A name can be pointed at any address by who owns it (DNS rebinding); an address cannot. */
export const isAddress = (hostname: string): boolean => /^(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])$/.test(hostname);
