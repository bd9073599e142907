import { expect, test } from 'vitest';
import type { Network, PeerInfo } from '../ports/index.ts';
import { headerHash, voteSigningRoot } from '../protocol/hashing.ts';
import type { Vote } from '../protocol/types.ts';
import { equivocates } from '../protocol/validator-set.ts';
import { type ConsensusMessage, decodeConsensusMessage, encodeConsensusMessage } from '../protocol/wire.ts';
import { genesisHeader } from '../vm/index.ts';
import { cachedVerifier } from './cached-verifier.ts';
import { developmentGenesis, testAgents } from './chain-kit.ts';
import { equivocatingNetwork } from './equivocating-network.ts';
import { memoryHub } from './memory-network.ts';
import { ManualClock } from './node-cluster.ts';

const genesis = developmentGenesis();
const { chainId } = genesis;
const [liar, ...others] = testAgents;
if (!liar) throw new Error('the test agents are seven');

/** A network that says what it is told to. */
function recorded(connected: number) {
  const said: ConsensusMessage[] = [];
  const peers = others.map(
    ({ validatorKey: key }): PeerInfo => ({ key, address: '', direction: 'inbound', connectedAtMs: 0 }),
  );
  let count = connected;
  const network: Network = {
    ...memoryHub({ clock: new ManualClock(0), fate: () => 0 }).join(liar?.validatorKey ?? ''),
    peers: () => peers.slice(0, count),
    broadcastConsensus: (bytes) => said.push(decodeConsensusMessage(bytes)),
  };
  const connectAll = (): void => {
    count = peers.length;
  };
  return { network, said, connectAll };
}

function voteOn(view: number, kind: Vote['kind'] = 'notarize') {
  const header = { ...genesisHeader(genesis), height: view, view };
  const subject = { kind, epoch: 0, view, block: headerHash(header) };
  const signature = liar?.signAsValidator(voteSigningRoot(chainId, subject)) ?? '';
  return { header, vote: { ...subject, validator: 0, signature } };
}

function proposal(view: number): ConsensusMessage {
  const { header, vote } = voteOn(view);
  return { type: 'proposal', block: { header, transactions: [] }, vote };
}

const signer = { key: liar.validatorKey, sign: liar.signAsValidator };

test('one vote more, in the first view that it leads, which contradicts the proposal and is really signed', () => {
  const { network, said } = recorded(others.length);
  const lying = equivocatingNetwork(network, signer, genesis);
  const vote: ConsensusMessage = { type: 'vote', vote: voteOn(1).vote };
  const spoken = [vote, proposal(2), vote, proposal(3)];
  for (const message of spoken) lying.broadcastConsensus(encodeConsensusMessage(message));
  expect(said.filter((_, index) => index !== 1)).toEqual(spoken);
  const [lie, truth] = [said[1], voteOn(2).vote];
  if (lie?.type !== 'vote') throw new Error('the lie goes before the proposal');
  expect(lie.vote).toMatchObject({ kind: 'notarize', epoch: 0, view: 2, validator: 0 });
  expect(equivocates(lie.vote, truth)).toBe(true);
  const root = voteSigningRoot(chainId, lie.vote);
  expect(cachedVerifier().validator(signer.key, root, lie.vote.signature)).toBe(true);
});

test('no lie while somebody would not hear it', () => {
  const { network, said, connectAll } = recorded(others.length - 1);
  const lying = equivocatingNetwork(network, signer, genesis);
  lying.broadcastConsensus(encodeConsensusMessage(proposal(1)));
  expect(said).toEqual([proposal(1)]);
  connectAll();
  lying.broadcastConsensus(encodeConsensusMessage(proposal(2)));
  expect(said).toHaveLength(3);
});
