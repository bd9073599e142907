import type { GossipSub, TopicValidatorFn } from '@libp2p/gossipsub';
import { TopicValidatorResult } from '@libp2p/gossipsub';
import { beforeEach, describe, expect, test } from 'vitest';
import type { GossipVerdict } from '../ports/network.ts';
import { silentTelemetry } from '../ports/telemetry.ts';
import {
  GOSSIP_BURST_SECONDS,
  GOSSIP_MESSAGES_PER_SECOND,
  GOSSIP_USELESS_DEBT_MAX,
  GOSSIP_USELESS_PER_SECOND,
} from './constants.ts';
import { createGossip } from './gossip.ts';
import { peerIdOf } from './identity.ts';
import { seatAt } from './libp2p.fixture.ts';
import { type ManualClock, manualClock } from './manual-clock.fixture.ts';
import { encodeParcel } from './parcel.ts';
import { createTally } from './tally.ts';

describe('gossip of one peer', () => {
  const TOPIC = 'transactions';
  const PARCEL = encodeParcel([new Uint8Array(8)]);
  const peers = [1, 2].map((number) => peerIdOf(seatAt(number, 0).key));
  let clock: ManualClock;
  let verdict: GossipVerdict;
  let judged: number;
  let faults: string[];
  let validator: TopicValidatorFn;

  beforeEach(() => {
    clock = manualClock();
    verdict = 'accept';
    judged = 0;
    faults = [];
    const pubsub = Object.assign(new EventTarget(), { topicValidators: new Map<string, TopicValidatorFn>() });
    createGossip({
      pubsub: pubsub as unknown as GossipSub,
      topic: TOPIC,
      judge: async () => {
        judged += 1;
        return verdict;
      },
      hasListener: () => true,
      onFault: () => {},
      blame: (_key, fault) => faults.push(fault),
      tally: createTally(silentTelemetry),
      clock,
    });
    validator = pubsub.topicValidators.get(TOPIC) ?? expect.fail('no validator');
  });

  const hear = async (count: number, from = 0): Promise<unknown> => {
    let last: unknown;
    for (let index = 0; index < count; index += 1) {
      last = await validator(peers[from] ?? expect.fail(), { topic: TOPIC, data: PARCEL } as never);
    }
    return last;
  };

  test('is looked at as long as it is useful, at twice any load', async () => {
    for (let second = 0; second < 5; second += 1) {
      expect(await hear(GOSSIP_MESSAGES_PER_SECOND)).toBe(TopicValidatorResult.Accept);
      await clock.advance(1_000);
    }
    expect([judged, faults]).toEqual([5 * GOSSIP_MESSAGES_PER_SECOND, []]);
  });

  test('is blamed for what no honest node passes on', async () => {
    verdict = 'reject';
    await hear(4);
    expect(faults).toEqual(Array(4).fill('invalid'));
  });

  test('goes unread after too much that is useless, others do not, and it ends in the end', async () => {
    verdict = 'ignore';
    const read = GOSSIP_USELESS_PER_SECOND * GOSSIP_BURST_SECONDS;
    await hear(read + 500);
    expect([judged, faults]).toEqual([read + 1, []]);
    await hear(1, 1);
    expect(judged).toBe(read + 2);
    await clock.advance(1_000);
    await hear(GOSSIP_USELESS_DEBT_MAX + GOSSIP_USELESS_PER_SECOND);
    expect(faults).toContain('flood');
  });
});
