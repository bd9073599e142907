import { describe, expect, test, vi } from 'vitest';
import { canonicalText } from '../protocol/canonical.ts';
import { nobleVerifier } from '../protocol/crypto/verifier.ts';
import type { AdmissionCode } from '../protocol/errors.ts';
import { transactionHash } from '../protocol/hashing.ts';
import type { Transaction } from '../protocol/types.ts';
import { TestChain, testAgent, testEvidence, testParams } from '../testing/chain-kit.ts';
import { checkAgainstAccount, checkStateless } from './admission.ts';

const chain = new TestChain();
const { chainId } = chain.genesis;
const to = testAgent('fault_mapper').wallet.address;
const valid = chain.transaction('data_detective', 'transfer', { to, amount: 5 }, { evidence: [testEvidence('a')] });
const resigned = (change: Partial<Transaction>): Transaction =>
  testAgent('data_detective').wallet.sign({ ...valid, ...change });

describe('checkStateless', () => {
  test('gives the hash of what it accepts', () => {
    expect(checkStateless(valid, chainId, nobleVerifier)).toBe(transactionHash(valid));
  });

  const cases: readonly [AdmissionCode, string, Transaction][] = [
    ['TX_MALFORMED', 'an address in capitals', { ...valid, sender: valid.sender.toUpperCase() }],
    ['TX_MALFORMED', 'a negative nonce', { ...valid, nonce: -1 }],
    ['TX_MALFORMED', 'a fraction of gas', { ...valid, gasLimit: 0.5 }],
    ['TX_MALFORMED', 'a short signature', { ...valid, signature: '00' }],
    ['TX_MALFORMED', 'a field that is not part of it', { ...valid, memo: 'hello' } as Transaction],
    ['TX_MALFORMED', 'arguments that are not Unicode', { ...valid, args: '"\ud800"' }],
    ['TX_MALFORMED', 'five blobs', { ...valid, evidence: [1, 2, 3, 4, 5].map((name) => testEvidence(`${name}`)) }],
    ['TX_MALFORMED', 'the same blob twice', resigned({ evidence: [testEvidence('a'), testEvidence('a')] })],
    ['TX_WRONG_CHAIN', 'another chain', resigned({ chainId: 'another-chain' })],
    ['TX_UNKNOWN_TYPE', 'a call that does not exist', resigned({ type: 'reward' })],
    ['TX_UNKNOWN_TYPE', 'a name that every object has', resigned({ type: 'constructor' })],
    ['TX_TOO_LARGE', 'arguments above the limit', { ...valid, args: `"${'a'.repeat(16_384)}"` }],
    ['TX_BAD_ARGS', 'arguments that are not JSON', resigned({ args: 'to me' })],
    ['TX_BAD_ARGS', 'JSON with a space in it', resigned({ args: valid.args.replace(':', ': ') })],
    ['TX_BAD_ARGS', 'keys out of order', resigned({ args: `{"to":"${to}","amount":5}` })],
    ['TX_BAD_ARGS', 'a missing argument', resigned({ args: '{"amount":5}' })],
    ['TX_BAD_ARGS', 'an argument too many', resigned({ args: canonicalText({ to, amount: 5, memo: 'hi' }) })],
    ['TX_BAD_ARGS', 'a prototype among the arguments', resigned({ args: `{"__proto__":{},"amount":5,"to":"${to}"}` })],
    ['TX_BAD_ARGS', 'half a character, escaped', resigned({ args: '{"amount":5,"to":"\\ud800"}' })],
    ['TX_BAD_ARGS', 'nesting without end', resigned({ args: '['.repeat(16_000) })],
    ['TX_BAD_ARGS', 'an amount of nothing', resigned({ args: canonicalText({ to, amount: 0 }) })],
    ['TX_SENDER_MISMATCH', 'the address of somebody else', { ...valid, sender: to }],
    ['TX_BAD_SIGNATURE', 'a changed amount', { ...valid, args: canonicalText({ to, amount: 6 }) }],
    ['TX_BAD_SIGNATURE', 'a changed gas price', { ...valid, gasPrice: 2 }],
    ['TX_BAD_SIGNATURE', 'evidence taken away', { ...valid, evidence: [] }],
  ];
  test.each(cases)('%s: %s', (code, _, tx) => {
    expect(() => checkStateless(tx, chainId, nobleVerifier)).toThrow(
      expect.objectContaining({ name: 'AdmissionError', code }),
    );
  });

  test('the signature is looked at last, because it costs most', () => {
    const wallet = vi.fn(() => true);
    const verifier = { ...nobleVerifier, wallet };
    expect(() => checkStateless(resigned({ type: 'reward' }), chainId, verifier)).toThrow();
    expect(wallet).not.toHaveBeenCalled();
  });
});

describe('checkAgainstAccount', () => {
  const account = { nonce: 3, balance: 1_000 };
  const tx = { nonce: 3, gasPrice: 1, gasLimit: 200 };
  const strict = { allowGap: false };

  test.each([
    { name: 'the next nonce', tx, options: strict },
    { name: 'a gap where a pool allows it', tx: { ...tx, nonce: 9 }, options: { allowGap: true } },
    { name: 'gas for the last token', tx: { ...tx, gasLimit: 1_000 }, options: strict },
  ])('lets pass: $name', ({ tx, options }) => {
    expect(() => checkAgainstAccount(tx, account, testParams, options)).not.toThrow();
  });

  const cases: readonly [AdmissionCode, string, Partial<typeof tx>][] = [
    ['TX_GAS_PRICE_TOO_LOW', 'gas for nothing', { gasPrice: 0 }],
    ['TX_GAS_LIMIT_TOO_LOW', 'a limit below the minimum', { gasLimit: 199 }],
    ['TX_NONCE_USED', 'an old nonce', { nonce: 2 }],
    ['TX_NONCE_GAP', 'a nonce ahead', { nonce: 4 }],
    ['TX_CANNOT_PAY_GAS', 'one token short', { gasLimit: 1_001 }],
    ['TX_CANNOT_PAY_GAS', 'a cost beyond every integer', { gasLimit: Number.MAX_SAFE_INTEGER, gasPrice: 4 }],
  ];
  test.each(cases)('%s: %s', (code, _, change) => {
    expect(() => checkAgainstAccount({ ...tx, ...change }, account, testParams, strict)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test('an address without an account has nonce 0 and pays nothing', () => {
    const check = (nonce: number) => () => checkAgainstAccount({ ...tx, nonce }, undefined, testParams, strict);
    expect(check(0)).toThrow(expect.objectContaining({ code: 'TX_CANNOT_PAY_GAS' }));
    expect(check(1)).toThrow(expect.objectContaining({ code: 'TX_NONCE_GAP' }));
  });
});
