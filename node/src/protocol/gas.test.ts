import { expect, test } from 'vitest';
import { intrinsicGas } from './gas.ts';
import { ZERO_HASH } from './types.ts';

test.each([
  { args: '', evidence: 0, gas: 200 },
  { args: 'a'.repeat(1_024), evidence: 0, gas: 200 },
  { args: 'a'.repeat(1_025), evidence: 0, gas: 201 },
  { args: 'a'.repeat(1_056), evidence: 0, gas: 201 },
  { args: 'a'.repeat(1_057), evidence: 0, gas: 202 },
  { args: '因'.repeat(352), evidence: 0, gas: 201 },
  { args: '{}', evidence: 4, gas: 240 },
  { args: 'a'.repeat(16_384), evidence: 4, gas: 720 },
])('$args.length characters with $evidence blobs cost $gas', ({ args, evidence, gas }) => {
  expect(intrinsicGas({ args, evidence: Array.from({ length: evidence }, () => ZERO_HASH) })).toBe(gas);
});
