import { VOTE_OPTIONS, voteCommitment } from '@dao-gov/node/protocol';
import { testSecret } from '@dao-gov/node/testing';
import { expect, test } from 'vitest';
import { agentWallet, optionBehind } from './wallet.ts';

const proposalId = 'ab'.repeat(32);
const chainId = 'dao-gov-test';

test.each(VOTE_OPTIONS)('%s is found again behind its commitment by the same secret alone', (option) => {
  const wallet = agentWallet(testSecret(1));
  const voter = wallet.address;
  const commitment = voteCommitment(chainId, proposalId, voter, option, wallet.saltOf(proposalId));
  const again = agentWallet(testSecret(1)).saltOf(proposalId);
  expect(optionBehind(commitment, { chainId, proposalId, voter, salt: again })).toBe(option);
  const foreign = agentWallet(testSecret(2)).saltOf(proposalId);
  expect(optionBehind(commitment, { chainId, proposalId, voter, salt: foreign })).toBeUndefined();
});

test('every proposal has a salt of its own', () => {
  const wallet = agentWallet(testSecret(1));
  expect(wallet.saltOf(proposalId)).not.toBe(wallet.saltOf('cd'.repeat(32)));
  expect(wallet.saltOf(proposalId)).toMatch(/^[0-9a-f]{64}$/);
});
