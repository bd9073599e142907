import { describe, expect, it } from 'vitest';
import { histogramOf, parseMetrics } from './metrics.ts';

const TEXT = `# HELP dao_gov_finality_ms finality ms
# TYPE dao_gov_finality_ms histogram
dao_gov_finality_ms_bucket{le="10"} 2
dao_gov_finality_ms_bucket{le="+Inf"} 5
dao_gov_finality_ms_bucket{le="2.5"} 1
dao_gov_finality_ms_sum 91.25
dao_gov_finality_ms_count 5
dao_gov_network_bytes_sent_total 1e+6
`;

describe('the metrics of a node', () => {
  it('are read by name', () => {
    const samples = parseMetrics(TEXT);
    expect(samples.get('dao_gov_network_bytes_sent_total')).toBe(1_000_000);
    expect(samples.get('dao_gov_finality_ms_count')).toBe(5);
    expect(samples.size).toBe(6);
  });

  it('give a histogram in the order of its bounds, empty when unknown', () => {
    expect(histogramOf(parseMetrics(TEXT), 'dao_gov_finality_ms')).toEqual([
      [2.5, 1],
      [10, 2],
      [Number.POSITIVE_INFINITY, 5],
    ]);
    expect(histogramOf(parseMetrics(TEXT), 'dao_gov_other')).toEqual([]);
  });
});
