import type { LogLine } from '@dao-gov/node/protocol';
import { ZERO_HASH } from '@dao-gov/node/protocol';

export const AGENT = 'a1'.repeat(20);

/** A line of the log with this id, as far as a test does not say otherwise. */
export const lineOf = (id: string, over: Partial<LogLine> = {}): LogLine => ({
  id,
  timestampMs: 0,
  height: Number(id.split('.')[0]),
  kind: 'event',
  agent: null,
  incidentId: null,
  transaction: ZERO_HASH,
  text: null,
  tool: null,
  event: 'DataCollected',
  data: {},
  ...over,
});

export const partyOf = (address: string): NonNullable<LogLine['agent']> => ({ address, name: 'agent', role: null });
