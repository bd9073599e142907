/**
 * A network fault on request, for tests of a development network: while the file `isolated` stands in the node's data
 * directory, the node has no connection to any other. It is looked for at the start and whenever the process is told
 * to (SIGUSR2).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Libp2pNetwork } from '../network/index.ts';
import type { TelemetrySink } from '../ports/index.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { NodeConfig } from './config.ts';

export function applyIsolation(
  config: NodeConfig,
  genesis: Genesis,
  network: Pick<Libp2pNetwork, 'self' | 'setBlocked'>,
  telemetry: TelemetrySink,
): void {
  const isolated = existsSync(join(config.dataDirectory, 'isolated'));
  if (genesis.network !== 'development') {
    if (isolated) telemetry.log('warn', 'isolation is for development networks only: ignored');
    return;
  }
  const others = config.network.peers.map(({ key }) => key).filter((key) => key !== network.self);
  network.setBlocked(isolated ? others : []);
  if (isolated) telemetry.log('warn', 'isolated: connections with all peers are cut', { peers: others.length });
  else telemetry.log('info', 'not isolated');
}
