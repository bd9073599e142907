/**
 * Integer arithmetic that never rounds and never wraps: results are exact, or the transaction fails. Products that
 * may leave the safe range are worked out in BigInt.
 */
import { INTEGER_MAX } from '../protocol/constants.ts';
import type { Amount } from '../protocol/types.ts';
import { ContractError } from './errors.ts';

function exact(value: number): Amount {
  if (Number.isSafeInteger(value) && value >= 0 && value <= INTEGER_MAX) return value;
  throw new ContractError('AMOUNT_OVERFLOW', 'An amount would leave the range of exact integers.');
}

/** @throws ContractError AMOUNT_OVERFLOW */
export const add = (a: Amount, b: Amount): Amount => exact(a + b);
/** Stops at the largest exact integer, for sums that only bound something and must not fail. */
export const addCapped = (a: Amount, b: Amount): Amount => Math.min(INTEGER_MAX, a + b);
/** @throws ContractError AMOUNT_OVERFLOW when the result would be negative */
export const subtract = (a: Amount, b: Amount): Amount => exact(a - b);
/** @throws ContractError AMOUNT_OVERFLOW */
export const multiply = (a: Amount, b: Amount): Amount => exact(a * b);
/** @throws ContractError AMOUNT_OVERFLOW */
export const sum = (amounts: Iterable<Amount>): Amount => {
  let total = 0;
  for (const amount of amounts) total = add(total, amount);
  return total;
};

/** floor(amount × part / whole), exact for any safe operands; 0 when `whole` is 0. */
export const shareOf = (amount: Amount, part: Amount, whole: Amount | bigint): Amount =>
  BigInt(whole) === 0n ? 0 : exact(Number((BigInt(amount) * BigInt(part)) / BigInt(whole)));

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
