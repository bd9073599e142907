/**
 * What the network and the disk alone take: rounds of three all-to-all hops over the same direct streams, with the
 * same signatures, checks and log syncs as a block's way to finality, and no consensus. `npm run bench` starts one
 * process of this for each validator and compares. Talks with its parent over the process channel; ends with it.
 *
 * Hop 1 carries the leader's proposal (the others say that they are there), hop 2 a vote, hop 3 a vote with a
 * certificate. Each hop goes on with a quorum of checked signatures, and what comes after it is not checked, as in
 * consensus; before a vote leaves, it is synced to the log. Nothing is polled: a message wakes whoever waits for it.
 *
 * Left out, and so part of what consensus is measured to cost: the codec, execution, the leader's log sync before its
 * proposal, the second certificate of a block, and the commit to the database. In the variant `leader` hop 1 is the
 * proposal alone, as it is in consensus, where nobody says that he is there.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { libp2pNetwork } from '../network/index.ts';
import { silentTelemetry } from '../ports/index.ts';
import { fromHex, toHex } from '../protocol/bytes.ts';
import { openFileLog } from '../storage/index.ts';
import { nativeSigner, nativeVerifier } from './native-crypto.ts';
import { systemClock } from './system-clock.ts';

const setupSchema = z.strictObject({
  directory: z.string(),
  secret: z.string(),
  host: z.string(),
  port: z.number().int(),
  peers: z.array(z.strictObject({ key: z.string(), address: z.string() })),
});

const seriesSchema = z.strictObject({
  type: z.literal('go'),
  /** Number of the series: messages of another one are not mixed in. */
  series: z.number().int(),
  rounds: z.number().int(),
  firstHop: z.enum(['all', 'leader']),
  /** Bytes of the messages. */
  proposalBytes: z.number().int(),
  voteBytes: z.number().int(),
  certificateBytes: z.number().int(),
});
type Series = z.infer<typeof seriesSchema>;

const HOPS = [0, 1, 2] as const;
type Hop = (typeof HOPS)[number];
/** Series (1 byte), round (4 bytes), hop (1 byte), ed25519 signature (64 bytes) of these six. */
const SIGNED_BYTES = 6;
const MESSAGE_BYTES_MIN = SIGNED_BYTES + 64;
const CONNECTED_LOOK_MS = 20;

function subjectOf(series: number, round: number, hop: Hop): Uint8Array {
  const bytes = new Uint8Array(SIGNED_BYTES);
  new DataView(bytes.buffer).setUint32(1, round);
  bytes[0] = series;
  bytes[5] = hop;
  return bytes;
}

async function main(setup: z.infer<typeof setupSchema>): Promise<void> {
  const secret = fromHex(setup.secret, 32);
  const signer = nativeSigner(secret);
  const members = setup.peers.map(({ key }) => key);
  const quorum = Math.floor((members.length * 2) / 3) + 1;
  const log = await openFileLog(join(setup.directory, 'floor.log'));
  const network = libp2pNetwork({
    key: signer.key,
    secretKey: secret,
    listen: { host: setup.host, port: setup.port },
    peers: setup.peers,
    chainId: 'bench-floor',
    isValidator: (key) => members.includes(key),
    preset: 'local',
    telemetry: silentTelemetry,
    clock: systemClock,
    random: Math.random,
  });

  /** Who was heard in a hop of a round; hop 1 also waits for the leader's own word. */
  const heard = new Map<string, Set<string>>();
  const heardIn = (place: string): Set<string> => {
    const known = heard.get(place) ?? new Set<string>();
    heard.set(place, known);
    return known;
  };
  const placeOf = (series: number, round: number, hop: Hop): string => `${series}/${round}/${hop}`;
  const leaderOf = (round: number): string => members[round % members.length] ?? '';
  const needed = (hop: Hop, firstHop: Series['firstHop']): number => (hop === 0 && firstHop === 'leader' ? 1 : quorum);
  let wake = (): void => {};
  const until = async ({ series, firstHop }: Series, round: number, hop: Hop): Promise<void> => {
    const from = heardIn(placeOf(series, round, hop));
    while (from.size < needed(hop, firstHop) || (hop === 0 && !from.has(leaderOf(round)))) {
      await new Promise<void>((woken) => (wake = woken));
    }
  };

  const say = async (series: Series, round: number, hop: Hop): Promise<void> => {
    const leads = leaderOf(round) === network.self;
    if (hop === 0 && series.firstHop === 'leader' && !leads) return;
    const { voteBytes, proposalBytes, certificateBytes } = series;
    const bytes = [leads ? proposalBytes : voteBytes, voteBytes, voteBytes + certificateBytes][hop] ?? voteBytes;
    const subject = subjectOf(series.series, round, hop);
    const message = new Uint8Array(Math.max(MESSAGE_BYTES_MIN, bytes));
    message.set(subject);
    message.set(fromHex(signer.sign(subject), 64), SIGNED_BYTES);
    if (hop > 0) await log.append([message.subarray(0, MESSAGE_BYTES_MIN)]);
    heardIn(placeOf(series.series, round, hop)).add(network.self);
    network.broadcastConsensus(message);
  };

  await network.start({
    onConsensus: (from, bytes) => {
      const subject = bytes.subarray(0, SIGNED_BYTES);
      const round = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
      const hop = HOPS[bytes[5] ?? 0] ?? 0;
      const known = heardIn(placeOf(bytes[0] ?? 0, round, hop));
      const counts = known.size < quorum || (hop === 0 && from === leaderOf(round));
      if (!counts) return;
      const signature = toHex(bytes.subarray(SIGNED_BYTES, MESSAGE_BYTES_MIN));
      if (!nativeVerifier.validator(from, subject, signature)) return;
      known.add(from);
      wake();
    },
    onTransaction: async () => 'ignore',
    onAnnouncement: () => {},
    onSyncRequest: async () => new Uint8Array(),
    onPeerConnected: () => {},
    onPeerDisconnected: () => {},
  });
  const looking = setInterval(() => {
    if (network.peers().length < members.length - 1) return;
    clearInterval(looking);
    process.send?.({ type: 'ready' });
  }, CONNECTED_LOOK_MS);

  const run = async (series: Series): Promise<void> => {
    const samplesMs: number[] = [];
    for (let round = 0; round < series.rounds; round += 1) {
      const begun = performance.now();
      for (const hop of HOPS) {
        // A follower answers the proposal; the leader begins with it.
        await say(series, round, hop);
        await until(series, round, hop);
      }
      if (leaderOf(round) === network.self) samplesMs.push(performance.now() - begun);
      for (const hop of HOPS) heard.delete(placeOf(series.series, round - 2, hop));
    }
    process.send?.({ type: 'result', samplesMs });
  };
  process.on('message', (message) => void run(seriesSchema.parse(message)));
}

process.on('disconnect', () => process.exit(0));
process.once('message', (message) => {
  main(setupSchema.parse(message)).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
