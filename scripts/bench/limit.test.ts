import { describe, expect, it } from 'vitest';
import { limitOf } from './limit.ts';

const shares = { cores: 0.5, loadCores: 0.1, otherCores: 0.05, nodes: 7 } as const;

describe('what limits the chain', () => {
  it.each([
    ['waiting', {}, 2],
    ['processor', { cores: 1.7 }, 2],
    ['processor', { cores: 6.6 }, 16],
    ['disturbed', { cores: 1.2, otherCores: 0.6 }, 2],
    ['load', { cores: 0.9, loadCores: 0.97 }, 2],
    ['processor', { cores: 1.7, otherCores: Number.NaN }, 2],
  ] as const)('is %s', (kind, change, cores) => expect(limitOf({ ...shares, ...change }, cores).kind).toBe(kind));
});
