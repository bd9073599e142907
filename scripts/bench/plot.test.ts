import { describe, expect, it } from 'vitest';
import { perSecond, plotHtml } from './plot.ts';

describe('the plot', () => {
  it('counts transactions of whole steps', () => {
    const blocks = [
      { atSeconds: 0.1, transactionCount: 2 },
      { atSeconds: 0.4, transactionCount: 3 },
      { atSeconds: 0.9, transactionCount: 1 },
      { atSeconds: 1.2, transactionCount: 9 },
    ];
    expect(perSecond(blocks, ({ transactionCount }) => transactionCount)).toEqual([
      [0.25, 10],
      [0.75, 2],
    ]);
  });

  it('is one page without scripts, outside hosts, or broken numbers, also of a run in which nothing came', () => {
    const nothing = { p50: Number.NaN, p90: Number.NaN, p99: Number.NaN };
    const html = plotHtml({
      title: 'a <b> & c',
      floorMs: [],
      finalityMs: nothing,
      latenciesMs: [],
      blocks: [],
      killedAtSeconds: null,
      rows: [['figure'], ['1 < 2']],
    });
    expect(html).toContain('a &lt;b> &amp; c');
    expect(html).toContain('<td>1 &lt; 2</td>');
    expect(html).not.toMatch(/NaN|Infinity|<script|https?:/);
  });
});
