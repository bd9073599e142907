/** Test-only: a transaction that must fail, and that it changed nothing but its sender's nonce and gas. */
import { expect } from 'vitest';
import type { FailureCode } from '../protocol/errors.ts';
import { intrinsicGas } from '../protocol/gas.ts';
import type { Receipt, Transaction } from '../protocol/types.ts';
import { TestChain } from './chain-kit.ts';
import type { Scene } from './failure-scenes.ts';

export interface RefusalCase {
  readonly code: FailureCode;
  readonly when: string;
  readonly scene: () => Scene;
  readonly tx: (scene: Scene) => Transaction;
  /** Block time since the scene. */
  readonly afterMs?: number;
}

/** Everything but the sender's account and the treasury, which gas moves. */
const besides = (chain: TestChain, sender: string) =>
  chain.state.entries('').filter(([key]) => key !== `account/${sender}` && key !== 'treasury');

export function assertRefused({ code, scene, tx, afterMs }: RefusalCase): void {
  const before = scene();
  const { chain } = before;
  const transaction = tx(before);
  const { sender } = transaction;
  const [account, treasury, rest] = [chain.account(sender), chain.state.get('treasury'), besides(chain, sender)];

  // The block's own phase runs too: a block without the transaction tells what it alone would do.
  const control = new TestChain(chain.genesis, { signed: false });
  Object.assign(control, { state: chain.state, height: chain.height, timestampMs: chain.timestampMs });
  control.block([], afterMs);
  const quiet = control.state === chain.state;

  const receipt = chain.block([transaction], afterMs).receipts[0] as Receipt; // one transaction, so one at least
  expect(receipt).toMatchObject({ status: 'failed', reason: code, events: [] });
  expect(receipt.detail).toMatch(/^[A-Za-z].*\.$/);

  const fee = receipt.gasUsed * transaction.gasPrice;
  expect(receipt.gasUsed).toBe(Math.min(intrinsicGas(transaction), transaction.gasLimit));
  expect(chain.account(sender).nonce).toBe(account.nonce + 1);
  if (!quiet) return;
  expect(chain.account(sender)).toEqual({ ...account, nonce: account.nonce + 1, balance: account.balance - fee });
  expect(chain.state.get('treasury')).toEqual({ ...treasury, balance: (treasury?.balance ?? 0) + fee });
  expect(besides(chain, sender)).toEqual(rest);
}
