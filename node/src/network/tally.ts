/** Counts what passes and what is dropped, for the port's counters; every dropped message also says why. */
import type { NetworkCounters } from '../ports/network.ts';
import type { TelemetrySink } from '../ports/telemetry.ts';

export type DropReason =
  | 'blocked'
  | 'handler_failed'
  | 'not_a_validator'
  | 'not_connected'
  | 'queue_full'
  | 'rate_limited'
  | 'slept'
  | 'stalled'
  | 'too_large'
  | 'too_old'
  | 'validations_full';

export interface Tally {
  sent(messages: number, bytes: number): void;
  received(bytes: number): void;
  dropped(reason: DropReason, messages?: number): void;
  counters(): NetworkCounters;
}

export function createTally(telemetry: TelemetrySink): Tally {
  const counts = { messagesSent: 0, bytesSent: 0, messagesReceived: 0, bytesReceived: 0, dropped: 0 };
  return {
    sent: (messages, bytes) => {
      counts.messagesSent += messages;
      counts.bytesSent += bytes;
    },
    received: (bytes) => {
      counts.messagesReceived += 1;
      counts.bytesReceived += bytes;
    },
    dropped: (reason, messages = 1) => {
      if (messages === 0) return;
      counts.dropped += messages;
      telemetry.count(`network_dropped_${reason}_total`, messages);
    },
    counters: () => ({ ...counts }),
  };
}
