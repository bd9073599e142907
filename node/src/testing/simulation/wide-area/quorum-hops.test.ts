import { describe, expect, it } from 'vitest';
import { quorumOf, threeHopsMs } from './quorum-hops.ts';
import { delayMatrix, REGIONS, roundTripMs } from './regions.ts';

const uniform = (count: number, ms: number): number[][] =>
  Array.from({ length: count }, (_, from) => Array.from({ length: count }, (_, to) => (from === to ? 0 : ms)));

describe('three hops with quorums', () => {
  it('take three times the delay where all are equally far apart', () => {
    expect(threeHopsMs(uniform(4, 10))).toEqual([30, 30, 30, 30]);
  });

  it('do not wait for the one that no quorum needs', () => {
    const delays = uniform(4, 10).map((row, from) => row.map((ms, to) => (from === 3 || to === 3 ? ms * 50 : ms)));
    expect(threeHopsMs(delays).slice(0, 3)).toEqual([30, 30, 30]);
    // The far one proposes over 500 ms, the others settle the vote among themselves, and the third hop comes back.
    expect(threeHopsMs(delays)[3]).toBe(1_010);
  });

  it('wait for the slowest of the quorum', () => {
    // 0 - 1 near, 2 and 3 far: three of four are needed.
    const delays = [
      [0, 1, 20, 30],
      [1, 0, 20, 30],
      [20, 20, 0, 30],
      [30, 30, 30, 0],
    ];
    // At 0: itself and 1 at once, 2 has the proposal after 20 and answers after 20: quorum at 40. Then 2 has its own
    // quorum at 21, and its second vote is with 0 at 41; 1's leaves at 40.
    expect(threeHopsMs(delays)[0]).toBe(41);
  });

  it.each([
    [4, 3],
    [7, 5],
    [25, 17],
    [49, 33],
  ])('%i validators need %i', (validators, quorum) => expect(quorumOf(validators)).toBe(quorum));
});

describe('the regions', () => {
  it('are as far from one as from the other, and never nearer than within one', () => {
    for (const a of REGIONS.keys()) {
      for (const b of REGIONS.keys()) {
        expect(roundTripMs(a, b)).toBe(roundTripMs(b, a));
        expect(roundTripMs(a, b)).toBeGreaterThanOrEqual(roundTripMs(a, a));
      }
    }
  });

  it('are taken in turn by the validators', () => {
    const delays = delayMatrix(9);
    expect(delays[0]?.[7]).toBe(roundTripMs(0, 0) / 2);
    expect(delays[1]?.[9 - 1]).toBe(roundTripMs(1, 1) / 2);
    expect(delays[0]?.[1]).toBe(delays[7]?.[8]);
    expect(delays.every((row, index) => row[index] === 0)).toBe(true);
  });

  it('refuse what is not on the list', () => expect(() => roundTripMs(0, REGIONS.length)).toThrow(RangeError));
});
