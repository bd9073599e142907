/**
 * What the network and the disk alone take: rounds of three all-to-all hops over the same direct streams, with the
 * same signatures, checks and log syncs as a block's way to finality, and no consensus. `npm run bench` starts one
 * process of this for each validator and compares. Talks with its parent over the process channel; ends with it.
 *
 * Hop 1 carries the leader's proposal (the others say that they are there), hop 2 a vote, hop 3 a vote with a
 * certificate. Each hop goes on with a quorum of checked signatures; before a vote leaves, it is synced to the log.
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
  /** Bytes of the messages. */
  proposalBytes: z.number().int(),
  voteBytes: z.number().int(),
  certificateBytes: z.number().int(),
});

const HOPS = [0, 1, 2] as const;
type Hop = (typeof HOPS)[number];
/** Round (4 bytes), hop (1 byte), ed25519 signature (64 bytes) of these five. */
const SIGNED_BYTES = 5;
const MESSAGE_BYTES_MIN = SIGNED_BYTES + 64;
const CONNECTED_LOOK_MS = 20;

function subjectOf(round: number, hop: Hop): Uint8Array {
  const bytes = new Uint8Array(SIGNED_BYTES);
  new DataView(bytes.buffer).setUint32(0, round);
  bytes[4] = hop;
  return bytes;
}

async function main(setup: z.infer<typeof setupSchema>): Promise<void> {
  const secret = fromHex(setup.secret, 32);
  const signer = nativeSigner(secret);
  const members = setup.peers.map(({ key }) => key);
  const quorum = Math.floor((members.length * 2) / 3) + 1;
  const log = await openFileLog(join(setup.directory, 'floor.log'));
  const network = libp2pNetwork({
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

  /** Who was heard in a hop of a round; the leader's own word is what hop 1 waits for besides the quorum. */
  const heard = new Map<string, Set<string>>();
  const heardIn = (round: number, hop: Hop): Set<string> => {
    const key = `${round}/${hop}`;
    const known = heard.get(key) ?? new Set<string>();
    heard.set(key, known);
    return known;
  };
  const leaderOf = (round: number): string => members[round % members.length] ?? '';
  const passed = (round: number, hop: Hop): boolean => {
    const from = heardIn(round, hop);
    return from.size >= quorum && (hop > 0 || from.has(leaderOf(round)));
  };
  let wake = (): void => {};
  const until = async (round: number, hop: Hop): Promise<void> => {
    while (!passed(round, hop)) await new Promise<void>((woken) => (wake = woken));
  };

  const bytesOf = (round: number, hop: Hop): number => {
    if (hop === 0) return leaderOf(round) === network.self ? setup.proposalBytes : setup.voteBytes;
    return hop === 1 ? setup.voteBytes : setup.voteBytes + setup.certificateBytes;
  };
  const say = async (round: number, hop: Hop): Promise<void> => {
    const subject = subjectOf(round, hop);
    const message = new Uint8Array(Math.max(MESSAGE_BYTES_MIN, bytesOf(round, hop)));
    message.set(subject);
    message.set(fromHex(signer.sign(subject), 64), SIGNED_BYTES);
    if (hop > 0) await log.append([message.subarray(0, MESSAGE_BYTES_MIN)]);
    heardIn(round, hop).add(network.self);
    network.broadcastConsensus(message);
  };

  await network.start({
    onConsensus: (from, bytes) => {
      const subject = bytes.subarray(0, SIGNED_BYTES);
      const round = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
      const hop = HOPS[bytes[4] ?? 0] ?? 0;
      const signature = toHex(bytes.subarray(SIGNED_BYTES, MESSAGE_BYTES_MIN));
      if (!nativeVerifier.validator(from, subject, signature)) return;
      heardIn(round, hop).add(from);
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

  const run = async (rounds: number): Promise<void> => {
    const samplesMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const begun = performance.now();
      for (const hop of HOPS) {
        // A follower answers the proposal; the leader begins with it.
        await say(round, hop);
        await until(round, hop);
      }
      if (leaderOf(round) === network.self) samplesMs.push(performance.now() - begun);
      for (const hop of HOPS) heard.delete(`${round - 2}/${hop}`);
    }
    process.send?.({ type: 'result', samplesMs });
  };
  process.on('message', (message: { readonly type: string; readonly rounds?: number }) => {
    if (message.type === 'go') void run(message.rounds ?? 0);
  });
}

process.on('disconnect', () => process.exit(0));
process.once('message', (message) => {
  main(setupSchema.parse(message)).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
