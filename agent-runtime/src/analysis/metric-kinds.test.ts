import { describe, expect, test } from 'vitest';
import { harmfulDirection, metricKind, metricUnit } from './metric-kinds.ts';

describe('metric names', () => {
  test.each([
    ['latency_ms', 'latency', 1, 'ms'],
    ['responseTime', 'latency', 1, 'none'],
    ['http.server.request.duration', 'latency', 1, 'none'],
    ['request_duration_seconds', 'latency', 1, 's'],
    ['p99', 'latency', 1, 'none'],
    ['error_rate', 'error', 1, 'percent'],
    ['failure_ratio', 'error', 1, 'percent'],
    ['timeout_rate', 'error', 1, 'percent'],
    ['http_5xx', 'error', 1, 'none'],
    ['success_rate', 'success', -1, 'percent'],
    ['availability', 'success', -1, 'percent'],
    ['cpu_usage', 'saturation', 1, 'percent'],
    ['memory_bytes', 'saturation', 1, 'bytes'],
    ['memory_free_bytes', 'saturation', -1, 'bytes'],
    ['connection_pool_wait', 'saturation', 1, 'none'],
    ['queue_depth', 'saturation', 1, 'none'],
    ['calls', 'traffic', 0, 'none'],
    ['requests_per_second', 'traffic', 0, 'none'],
    ['qps', 'traffic', 0, 'none'],
    ['moon_phase', 'other', 0, 'none'],
    ['', 'other', 0, 'none'],
  ])('%s', (metric, kind, direction, unit) => {
    expect(metricKind(metric)).toBe(kind);
    expect(harmfulDirection(metric, metricKind(metric))).toBe(direction);
    expect(metricUnit(metric, metricKind(metric), 99)).toBe(unit);
  });

  test('a rate whose greatest value is at most 1 is a fraction', () => {
    expect(metricUnit('error_rate', 'error', 1)).toBe('fraction');
    expect(metricUnit('error_rate', 'error', 1.2)).toBe('percent');
    expect(metricUnit('error_rate', 'error', 500)).toBe('none');
  });
});
