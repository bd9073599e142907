import { describe, expect, it } from 'vitest';
import { type CostPoint, costPage, growthNote } from './sweep-plot.ts';

const point = (validators: number, rate: number, change: Partial<CostPoint> = {}): CostPoint => ({
  ...{ validators, rate, txPerSecond: rate, blocksPerSecond: 5, floorMs: 10 },
  finalityMs: { p50: 20, p90: 30, p99: 40 },
  submitToFinalMs: { p50: 40, p90: 60, p99: 80 },
  ...{ messagesPerBlock: 4 * validators * (validators - 1), bytesPerBlock: 1_000, cpuMsPerBlock: 5 },
  ...change,
});

describe('the page of a sweep', () => {
  const titlesOf = (page: string): string[] =>
    [...page.matchAll(/aria-label="([^"]*)"/g)].map(([, title]) => title ?? '');

  it('shows how cost grows with validators, and with load where there are several rates', () => {
    const few = titlesOf(costPage('t', [point(4, 10), point(7, 10)], [['n']], []));
    const more = titlesOf(costPage('t', [point(4, 10), point(4, 50), point(7, 10)], [['n']], []));
    expect(few[0]).toContain('Messages of a block');
    expect(more.length).toBe(few.length + 2);
  });

  it('leaves the processor out where none was measured', () => {
    const { cpuMsPerBlock: _, ...simulated } = point(4, 10);
    const titles = titlesOf(costPage('t', [simulated, { ...simulated, validators: 7 }], [['n']], []));
    expect(titles.join()).not.toContain('Processor');
  });

  it('says by which power messages grow, at the lowest rate', () => {
    const points = [4, 7, 13].flatMap((n) => [point(n, 10), point(n, 50, { messagesPerBlock: 1 })]);
    expect(growthNote(points).join()).toContain('(n (n - 1))^1.00');
    expect(growthNote([point(4, 10), point(4, 50)])).toEqual([]);
  });

  it('is complete and without broken numbers also of nothing', () =>
    expect(costPage('t', [], [['n']], [])).not.toMatch(/NaN|Infinity|<script/));
});
