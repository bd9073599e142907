import { generateKeyPair } from '@libp2p/crypto/keys';
import type { MultiaddrConnection, PeerId } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { beforeEach, expect, test } from 'vitest';
import { validatorKeyOf } from '../protocol/crypto/validator.ts';
import { FOLLOWERS_MAX, PUNISHMENT_MS } from './constants.ts';
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

const mayEnter = (peer: PeerId): boolean =>
  gate.gater.denyInboundEncryptedConnection?.(peer, {} as MultiaddrConnection) === false;
const mayBeDialled = (peer: PeerId): boolean => gate.gater.denyDialPeer?.(peer) === false;

test('a key and its peer id say the same', async () => {
  const seed = new Uint8Array(32).fill(1);
  expect(keyOf(peerIdOf(member))).toBe(member);
  expect(peerIdFromPrivateKey(await privateKeyOf(seed)).toString()).toBe(peerIdOf(member).toString());
  expect(() => peerIdOf('abcd')).toThrow('KEY_INVALID');
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

test('keeps a punished peer out for a while', async () => {
  gate.punish(member);
  await clock.advance(PUNISHMENT_MS - 1);
  expect([mayEnter(peerIdOf(member)), mayBeDialled(peerIdOf(member))]).toEqual([false, false]);
  await clock.advance(1);
  expect([mayEnter(peerIdOf(member)), mayBeDialled(peerIdOf(member))]).toEqual([true, true]);
});

test('lets nobody in once it is shut', () => {
  gate.shut();
  expect([mayEnter(peerIdOf(member)), mayBeDialled(peerIdOf(member))]).toEqual([false, false]);
});
