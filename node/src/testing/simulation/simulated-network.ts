/**
 * The network of whole nodes: a memory hub whose links lose, delay, repeat and reorder, and, in front of a liar's node,
 * the liar.
 */
import type { Effect } from '../../consensus/index.ts';
import type { Network, NetworkHandlers, NodeKey } from '../../ports/index.ts';
import {
  decodeConsensusMessage,
  decodeSyncRequest,
  encodeConsensusMessage,
  encodeSyncResponse,
} from '../../protocol/wire.ts';
import type { Random } from '../random.ts';
import type { Actor } from './byzantine/index.ts';
import type { Scenario } from './scenario.ts';
import type { SimulatedTime } from './simulated-time.ts';

export interface Uplink {
  readonly time: SimulatedTime;
  readonly random: Random;
  readonly scenario: Scenario;
  readonly keys: readonly NodeKey[];
  readonly actor: Actor | null;
  /** False once the machine has crashed: a network that a dead process still holds says nothing. */
  readonly isAlive: () => boolean;
  /** Consensus bytes that leave. */
  readonly onSent: (bytes: Uint8Array) => void;
}

/** One life's view of the network. */
export function uplinked(inner: Network, link: Uplink): Network {
  const { actor, keys } = link;
  const speak = (effect: Effect): void => {
    if (!link.isAlive() || (effect.type !== 'broadcast' && effect.type !== 'send')) return;
    const bytes = encodeConsensusMessage(effect.message);
    link.onSent(bytes);
    const to = effect.type === 'send' ? keys[effect.to] : undefined;
    if (to) inner.sendConsensus(to, bytes);
    else inner.broadcastConsensus(bytes);
  };
  const say = (bytes: Uint8Array, to: NodeKey | null): void => {
    const message = decodeConsensusMessage(bytes);
    const effect: Effect = to ? { type: 'send', to: keys.indexOf(to), message } : { type: 'broadcast', message };
    for (const one of actor?.rewrite(effect) ?? [effect]) speak(one);
  };
  return {
    self: inner.self,
    start: (handlers) => inner.start(disturbed(handlers, link, speak)),
    stop: () => inner.stop(),
    peers: () => inner.peers(),
    sendConsensus: (to, bytes) => say(bytes, to),
    broadcastConsensus: (bytes) => say(bytes, null),
    announce: (bytes) => {
      if (link.isAlive()) inner.announce(bytes);
    },
    publishTransaction: (bytes) => {
      if (link.isAlive()) inner.publishTransaction(bytes);
    },
    requestSync: (to, bytes, timeoutMs) => inner.requestSync(to, bytes, timeoutMs),
    counters: () => inner.counters(),
  };
}

/** Repeats and reorders what arrives; the hub itself keeps the order of each link. */
function disturbed(handlers: NetworkHandlers, link: Uplink, speak: (effect: Effect) => void): NetworkHandlers {
  const { time, random, scenario, keys, actor } = link;
  const hear = (from: NodeKey, bytes: Uint8Array): void => {
    if (!link.isAlive()) return;
    if (actor) {
      const message = decodeConsensusMessage(bytes);
      for (const effect of actor.react({ type: 'message', from: keys.indexOf(from), message })) speak(effect);
    }
    handlers.onConsensus(from, bytes);
  };
  return {
    ...handlers,
    onSyncRequest: async (from, bytes) => {
      const lie = actor?.answerRequest?.(decodeSyncRequest(bytes));
      return lie ? encodeSyncResponse(lie) : handlers.onSyncRequest(from, bytes);
    },
    onConsensus: (from, bytes) => {
      if (random.chance(scenario.duplicate)) time.after(random.next() * scenario.delayMsMax, () => hear(from, bytes));
      if (random.chance(0.2)) time.after(random.next() * scenario.delayMsMax, () => hear(from, bytes));
      else hear(from, bytes);
    },
  };
}
