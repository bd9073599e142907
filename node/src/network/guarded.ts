/** The host's handlers, such that a fault of theirs neither breaks a stream nor goes unseen. */
import type { NetworkHandlers } from '../ports/network.ts';
import type { TelemetrySink } from '../ports/telemetry.ts';
import { reasonOf } from './errors.ts';
import type { Tally } from './tally.ts';

export interface GuardOptions {
  readonly handlers: NetworkHandlers;
  readonly telemetry: TelemetrySink;
  readonly tally: Tally;
  /** After it nothing is called any more. */
  readonly stopped: AbortSignal;
}

export function guarded({ handlers, telemetry, tally, stopped }: GuardOptions): NetworkHandlers {
  const call = (what: string, run: () => void): void => {
    if (stopped.aborted) return;
    try {
      run();
    } catch (error) {
      tally.dropped('handler_failed');
      telemetry.log('error', `network: ${what} failed in its handler`, { error: reasonOf(error) });
    }
  };
  return {
    onConsensus: (from, bytes) => call('a consensus message', () => handlers.onConsensus(from, bytes)),
    onTransaction: async (from, bytes) => (stopped.aborted ? 'ignore' : handlers.onTransaction(from, bytes)),
    onAnnouncement: (from, bytes) => call('an announcement', () => handlers.onAnnouncement(from, bytes)),
    onSyncRequest: async (from, bytes) => handlers.onSyncRequest(from, bytes),
    onPeerConnected: (key) => call('a new peer', () => handlers.onPeerConnected(key)),
    onPeerDisconnected: (key) => call('a lost peer', () => handlers.onPeerDisconnected(key)),
  };
}
