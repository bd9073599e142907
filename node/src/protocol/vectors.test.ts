/**
 * Frozen vectors of everything that is hashed or signed. A change of any of them breaks every chain that exists:
 * it is an explicit decision, never a side effect.
 */
import { describe, expect, it } from 'vitest';
import { toHex, utf8Bytes } from './bytes.ts';
import { canonicalText } from './canonical.ts';
import { signAsValidator, validatorKeyOf } from './crypto/validator.ts';
import { walletOf } from './crypto/wallet.ts';
import {
  evidenceHash,
  evidenceRootOf,
  headerHash,
  receiptHash,
  receiptsRootOf,
  transactionHash,
  transactionSigningRoot,
  transactionsRootOf,
  validatorSetHash,
  voteCommitment,
  voteSigningRoot,
} from './hashing.ts';
import { encodeBlock, encodeCertificate, encodeReceipt, encodeTransaction, encodeVote } from './ssz.ts';
import { type Certificate, type Header, type Receipt, type Vote, ZERO_HASH } from './types.ts';

const secret = new Uint8Array(32).fill(1);
const wallet = walletOf(secret);
const key = validatorKeyOf(secret);
const chainId = 'vector-chain';

const transaction = wallet.sign({
  chainId,
  type: 'transfer',
  sender: wallet.address,
  publicKey: wallet.publicKey,
  nonce: 7,
  gasPrice: 1,
  gasLimit: 200,
  args: canonicalText({ to: 'ab'.repeat(20), amount: 5 }),
  evidence: ['cd'.repeat(32)],
});
const receipt: Receipt = {
  transaction: transactionHash(transaction),
  status: 'failed',
  reason: 'INSUFFICIENT_BALANCE',
  detail: 'Too little.',
  gasUsed: 210,
  events: [{ name: 'Transferred', data: { amount: 5, to: 'ab' } }],
};
const header: Header = {
  height: 3,
  view: 9,
  epoch: 1,
  parentHash: '11'.repeat(32),
  timestampMs: 1_700_000_000_000,
  proposer: key,
  transactionsRoot: transactionsRootOf([transactionHash(transaction)]),
  receiptsRoot: receiptsRootOf([receiptHash(receipt)]),
  stateRoot: '22'.repeat(32),
  evidenceRoot: evidenceRootOf([transaction]),
  validatorSetHash: validatorSetHash({ epoch: 1, validators: [{ key, power: 100 }] }),
};
const subject = { kind: 'notarize', epoch: 1, view: 9, block: headerHash(header) } as const;
const vote: Vote = { ...subject, validator: 0, signature: signAsValidator(secret, voteSigningRoot(chainId, subject)) };
const certificate: Certificate = {
  ...subject,
  signers: [0, 2, 5],
  signatures: [vote.signature, vote.signature, vote.signature],
};

const digest = (bytes: Uint8Array): string => evidenceHash(bytes);

describe('frozen vectors', () => {
  it.each([
    ['wallet address', wallet.address, '6ac0a76fcdaa55ed820926232b26f5132dc0cb41'],
    ['validator key', key, '8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c'],
    [
      'evidence hash',
      evidenceHash(utf8Bytes('abc')),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    ],
    [
      'transaction signing root',
      toHex(transactionSigningRoot(transaction)),
      '530b38969f1f07f3fa239edc732dc9edfb3e309f646510802065621e37ecb1fc',
    ],
    [
      'transaction hash',
      transactionHash(transaction),
      'bcac2c2507cc055dac2acca135f272baed80faab214e47deb85b7b1933ae30b2',
    ],
    [
      'transaction bytes',
      digest(encodeTransaction(transaction)),
      'a4f1ad22315c7d5a98a51a975bbe5c331e7c9eb9425260017c656dedc0082f49',
    ],
    ['receipt hash', receiptHash(receipt), '5d45e757983d8b4e48a84d2ae0e738ebfd46ee07e0b653750753165d8e5b5908'],
    [
      'receipt bytes',
      digest(encodeReceipt(receipt)),
      'de47e4fd607ded0681afe8f2174ea3f764acda55b5dc5ef6c66c444ea40d1791',
    ],
    [
      'transactions root, empty',
      transactionsRootOf([]),
      'ceb3266bf0938bc72f8256356ddc13bccc20dd767f25448b2658135780b7da51',
    ],
    ['transactions root', header.transactionsRoot, '6a7ed60cf1458be6994dd05edfeeca73c50723abd17f34f81ee6d773a3db5ed2'],
    ['receipts root', header.receiptsRoot, 'fb5569715c2577dbee86882dbf923c655418f1c3abac04587a84756c292b3674'],
    ['evidence root', header.evidenceRoot, '766e34bb4f2d412ace3e66b14685fc4981d44a5ed37bb5d2d10c0eb7fcdb17b5'],
    ['validator set hash', header.validatorSetHash, '8036548bea5c0cae9b3b3397c68acf9f07dc1b796522be0416117d05e88e5241'],
    ['header hash', headerHash(header), 'c4dc89793d61a5b17713ed5ac854ebe14f7ee38f6ed516461f9fc049333fc3be'],
    [
      'block bytes',
      digest(encodeBlock({ header, transactions: [transaction] })),
      'e5654d29faf600445d1fa49b119e0f1cb102ac13346f6b0d7d9c98e3f240c03f',
    ],
    [
      'notarize signing root',
      toHex(voteSigningRoot(chainId, subject)),
      'c9b2145b08bf76e4ef37071914ca197ae4c7f03ed65531ad392049a5649981ef',
    ],
    [
      'nullify signing root',
      toHex(voteSigningRoot(chainId, { ...subject, kind: 'nullify', block: ZERO_HASH })),
      'f8d692710cc7b713c56090b256355e794a4601909bb99c7f4559ce12b595ab90',
    ],
    [
      'finalize signing root',
      toHex(voteSigningRoot(chainId, { ...subject, kind: 'finalize' })),
      'be86f7ae38f81d8b8ba51ab6c1a8195350af77fa17d90efc1a83b8a49b7f75e3',
    ],
    ['vote bytes', digest(encodeVote(vote)), '5b53a6b0e2edf8948e0f2ef12a4ce320a19acc880e583cc8c99d85ff0f71c00a'],
    [
      'certificate bytes',
      digest(encodeCertificate(certificate)),
      '621237b09de6f8c00f309e31eaa2d51a0a0e15a8c21ee5c5d02cc988c42f7693',
    ],
    [
      'vote commitment',
      voteCommitment(chainId, '33'.repeat(32), wallet.address, 'For', '44'.repeat(32)),
      '9b2d8ea5ff6329b3feeb982a87bbe3659dc76002a678390dfa019276d1c26eb1',
    ],
  ])('%s', (_name, actual, frozen) => {
    expect(actual).toBe(frozen);
  });
});
