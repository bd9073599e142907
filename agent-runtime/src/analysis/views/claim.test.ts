import { describe, expect, it } from 'vitest';
import { claimOf } from './claim.ts';

const cart = { node: 'cart', probability: 700, faultKind: 'cpu' } as const;
const stock = { node: 'stock', probability: 150, faultKind: 'memory' } as const;
const fused = { conclusive: true, candidates: [cart, stock], own: [] };

describe('what an agent claims', () => {
  it('is what all evidence together makes most probable, whatever its own view', () => {
    expect(claimOf({ ...fused, own: [{ node: 'stock', probability: 900 }] }, [], 270)).toEqual(cart);
  });

  it('is nothing below the probability that pays for the stake', () => {
    expect(claimOf(fused, [], 701)).toBeNull();
    expect(claimOf(fused, ['cart'], 270)).toBeNull();
  });

  it.each([
    [500, { node: 'stock', probability: 500, faultKind: 'memory' }],
    [499, null],
  ])('without conclusive evidence is what its own view holds to be likely: %i', (probability, claim) => {
    expect(claimOf({ ...fused, conclusive: false, own: [{ node: 'stock', probability }] }, [], 270)).toEqual(claim);
  });

  it('of its own view is never what was voted down, nor below what pays', () => {
    const own = [{ node: 'stock', probability: 600 }];
    expect(claimOf({ ...fused, conclusive: false, own }, ['stock'], 270)).toBeNull();
    expect(claimOf({ ...fused, conclusive: false, own }, [], 650)).toBeNull();
    expect(claimOf({ ...fused, own }, ['cart'], 270)?.node).toBe('stock');
  });

  it('has no kind where only its own view knows the node', () => {
    expect(claimOf({ ...fused, candidates: [cart], own: [{ node: 'mail', probability: 800 }] }, ['cart'], 270)).toEqual(
      {
        node: 'mail',
        probability: 800,
        faultKind: 'unknown',
      },
    );
  });
});
