import { describe, expect, it } from 'vitest';
import { growthExponent, squareGuide } from './growth.ts';

describe('growth', () => {
  it('is the power that fits', () => {
    expect(growthExponent([4, 7, 13, 25].map((n) => [n, 3 * n ** 2]))).toBeCloseTo(2);
    expect(growthExponent([4, 7, 13].map((n) => [n, 5]))).toBeCloseTo(0);
  });
  it('is unknown with one place, and leaves out what is not known', () => {
    expect(
      growthExponent([
        [4, 1],
        [4, 2],
      ]),
    ).toBeNaN();
    expect(growthExponent([])).toBeNaN();
    expect(
      growthExponent([
        [4, 16],
        [8, 64],
        [13, Number.NaN],
        [16, 0],
      ]),
    ).toBeCloseTo(2);
  });
  it('has a guide through its first point', () =>
    expect(
      squareGuide([
        [4, 24],
        [7, 999],
      ]),
    ).toEqual([
      [4, 24],
      [7, 84],
    ]));
});
