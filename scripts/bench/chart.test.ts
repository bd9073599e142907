import { describe, expect, it } from 'vitest';
import { chartSvg, pageHtml } from './chart.ts';

const axes = { title: 't', x: 'n', y: 'messages' } as const;
/** Places of a polyline's points. */
const placesOf = (svg: string, which = 0): number[][] =>
  ([...svg.matchAll(/points="([^"]*)"/g)][which]?.[1] ?? '').split(' ').map((pair) => pair.split(',').map(Number));

describe('a chart', () => {
  it('draws a power as a straight line on logarithmic axes', () => {
    const points = [4, 8, 16, 32].map((n) => [n, n * n] as const);
    const [a, b, c, d] = placesOf(chartSvg({ ...axes, logarithmic: true, curves: [{ name: 'n²', points }] }));
    const slope = ([x1 = 0, y1 = 0]: number[] = [], [x2 = 0, y2 = 0]: number[] = []): number => (y2 - y1) / (x2 - x1);
    expect(slope(a, b)).toBeCloseTo(slope(c, d), 1);
    expect(slope(a, b)).toBeLessThan(0);
  });

  it('leaves out what is no number or has no logarithm', () => {
    const points = [
      [0, 5],
      [4, Number.NaN],
      [7, 0],
      [5, 10],
      [9, 20],
    ] as const;
    const svg = chartSvg({ ...axes, logarithmic: true, curves: [{ name: 'c', points, dots: true }] });
    expect(placesOf(svg)).toHaveLength(2);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it.each([true, false])('is drawn without a point, and with one (logarithmic %s)', (logarithmic) => {
    for (const points of [[], [[4, 10]]] as const) {
      expect(chartSvg({ ...axes, logarithmic, curves: [{ name: 'c', points }] })).not.toMatch(/NaN|Infinity/);
    }
  });

  it('marks the sizes that were measured', () => {
    const points = [
      [4, 10],
      [7, 30],
      [13, 90],
    ] as const;
    const svg = chartSvg({ ...axes, logarithmic: true, curves: [{ name: 'c', points }] });
    for (const mark of ['>4<', '>7<', '>13<']) expect(svg).toContain(mark);
  });

  it('stands on a page that needs nothing else', () => {
    const page = pageHtml(
      'a & b',
      [{ ...axes, curves: [], mark: { x: 0, label: '<x>' } }],
      [['h'], ['1']],
      ['a "note"'],
    );
    expect(page).toContain('a &amp; b');
    expect(page).toContain('&lt;x>');
    expect(page).not.toMatch(/<script|https?:|NaN/);
  });
});
