/** The `Network` port over libp2p. It may be started again after a stop. */

import type { NodeKey } from '../ports/network.ts';
import { NetworkError } from '../ports/network.ts';
import { dialAddress, listenAddress } from './addresses.ts';
import type { Libp2pNetwork, Libp2pNetworkConfig } from './config.ts';
import { NetworkSetupError } from './errors.ts';
import { SECRET_KEY_BYTES } from './identity.ts';
import { openSession, type Session } from './session.ts';
import { createTally } from './tally.ts';

/**
 * A network that is not started yet.
 * @throws NetworkSetupError ADDRESS_INVALID, KEY_INVALID on a configuration that could never work;
 *   `start` throws LISTEN_FAILED, and KEY_INVALID when key and seed do not belong together
 */
export function libp2pNetwork(config: Libp2pNetworkConfig): Libp2pNetwork {
  if (config.secretKey.length !== SECRET_KEY_BYTES) {
    throw new NetworkSetupError('KEY_INVALID', `the secret key is a seed of ${SECRET_KEY_BYTES} bytes`);
  }
  const self = config.key;
  listenAddress(config.listen);
  config.peers.forEach(dialAddress);
  const tally = createTally(config.telemetry);
  let blocked: ReadonlySet<NodeKey> = new Set();
  let session: Session | undefined;
  /** Starting and stopping, one after the other. */
  let turning: Promise<void> = Promise.resolve();

  const turn = (work: () => Promise<void>): Promise<void> => {
    const turned = turning.then(work);
    turning = turned.catch(() => {});
    return turned;
  };

  return {
    self,
    start: (handlers) =>
      turn(async () => {
        session ??= await openSession({ config, self, handlers, tally, blocked });
      }),
    stop: () =>
      turn(async () => {
        const ending = session;
        session = undefined;
        await ending?.stop();
      }),
    addresses: () => session?.addresses() ?? [],
    peers: () => session?.peers() ?? [],
    sendConsensus(to, bytes) {
      if (session) session.send(to, bytes);
      else tally.dropped('not_connected');
    },
    broadcastConsensus(bytes) {
      if (session) session.broadcast(bytes);
      else tally.dropped('not_connected');
    },
    announce(bytes) {
      session?.announce(bytes);
    },
    publishTransaction(bytes) {
      if (session) session.publish(bytes);
      else tally.dropped('not_connected');
    },
    async requestSync(to, bytes, timeoutMs) {
      if (!session) throw new NetworkError('NOT_STARTED', 'the network is not started');
      return session.request(to, bytes, timeoutMs);
    },
    setBlocked(keys) {
      blocked = new Set(keys);
      session?.setBlocked(blocked);
    },
    blame: (key, fault) => session?.blame(key, fault),
    counters: tally.counters,
  };
}
