import { generateKeyPair } from '@libp2p/crypto/keys';
import type { MultiaddrConnection, PeerId } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { beforeEach, expect, test } from 'vitest';
import { validatorKeyOf } from '../protocol/crypto/validator.ts';
import { BAN_MS_MIN, FOLLOWERS_MAX } from './constants.ts';
import { createGate, type Gate } from './gate.ts';
import { keyOf, peerIdOf, privateKeyOf } from './identity.ts';
import { type ManualClock, manualClock } from './manual-clock.fixture.ts';

const member = validatorKeyOf(new Uint8Array(32).fill(1));
const follower = validatorKeyOf(new Uint8Array(32).fill(2));

let clock: ManualClock;
let gate: Gate;
let followers: number;

beforeEach(() => {
  clock = manualClock();
  followers = 0;
  gate = createGate({ isMember: (key) => key === member, connectedFollowers: () => followers, clock });
});

const from = (host: string) => ({ remoteAddr: `/ip4/${host}/tcp/4101` }) as unknown as MultiaddrConnection;
const mayEnter = (peer: PeerId, host = '10.0.0.1'): boolean =>
  gate.gater.denyInboundEncryptedConnection?.(peer, from(host)) === false;
const mayBeDialled = (peer: PeerId): boolean => gate.gater.denyDialPeer?.(peer) === false;

test('a key and its peer id say the same', async () => {
  const secretKey = new Uint8Array(32).fill(1);
  expect(keyOf(peerIdOf(member))).toBe(member);
  expect(peerIdFromPrivateKey(await privateKeyOf({ key: member, secretKey })).toString()).toBe(
    peerIdOf(member).toString(),
  );
  expect(() => peerIdOf('abcd')).toThrow('KEY_INVALID');
  await expect(privateKeyOf({ key: member, secretKey: secretKey.fill(2) })).rejects.toThrow('KEY_INVALID');
});

test('lets members in always, followers up to the limit', () => {
  expect([mayEnter(peerIdOf(member)), mayEnter(peerIdOf(follower))]).toEqual([true, true]);
  followers = FOLLOWERS_MAX;
  expect([mayEnter(peerIdOf(member)), mayEnter(peerIdOf(follower))]).toEqual([true, false]);
});

test('lets no other kind of key in', async () => {
  const stranger = peerIdFromPrivateKey(await generateKeyPair('secp256k1'));
  expect([mayEnter(stranger), mayBeDialled(stranger)]).toEqual([false, false]);
});

test('keeps the blocked apart until they are freed', () => {
  gate.setBlocked([member]);
  expect([mayEnter(peerIdOf(member)), mayBeDialled(peerIdOf(member)), mayEnter(peerIdOf(follower))]).toEqual([
    false,
    false,
    true,
  ]);
  gate.setBlocked([]);
  expect([mayEnter(peerIdOf(member)), mayBeDialled(peerIdOf(member))]).toEqual([true, true]);
});

test('keeps a banned peer out for a while', async () => {
  gate.ban(member, BAN_MS_MIN);
  await clock.advance(BAN_MS_MIN - 1);
  expect([mayEnter(peerIdOf(member)), mayBeDialled(peerIdOf(member))]).toEqual([false, false]);
  await clock.advance(1);
  expect([mayEnter(peerIdOf(member)), mayBeDialled(peerIdOf(member))]).toEqual([true, true]);
});

test('keeps strangers of a banned host out, and members in', async () => {
  gate.ban(validatorKeyOf(new Uint8Array(32).fill(3)), BAN_MS_MIN, '10.0.0.9');
  expect([mayEnter(peerIdOf(follower), '10.0.0.9'), mayEnter(peerIdOf(follower))]).toEqual([false, true]);
  expect(mayEnter(peerIdOf(member), '10.0.0.9')).toBe(true);
  await clock.advance(BAN_MS_MIN);
  expect(mayEnter(peerIdOf(follower), '10.0.0.9')).toBe(true);
});

test('lets nobody in once it is shut', () => {
  gate.shut();
  expect([mayEnter(peerIdOf(member)), mayBeDialled(peerIdOf(member))]).toEqual([false, false]);
});
