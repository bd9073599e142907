/**
 * metrics.csv: `timestamp,node,metric,value`, one observation a row in any order. A row that is not there was not
 * observed; NaN and infinities, as Prometheus exports them, are no observations either, and are counted.
 */
import type { MetricSeries, TelemetryWindow } from '../analysis/types.ts';
import { METRIC_ROWS_MAX, METRICS_BYTES_MAX, SERIES_MAX } from './constants.ts';
import { csvRows } from './csv.ts';
import { CaptureError } from './errors.ts';
import { createTimeParser, nameProblem } from './schemas.ts';

export const METRICS_FILE = 'metrics.csv';

type Points = Map<number, number>;

export type MetricsRead = {
  readonly metrics: readonly MetricSeries[];
  readonly nonFinite: number;
  readonly outsideWindow: number;
};

export async function readMetrics(bytes: AsyncIterable<Uint8Array>, window: TelemetryWindow): Promise<MetricsRead> {
  const file = METRICS_FILE;
  const parseTime = createTimeParser();
  const collected = new SeriesCollection(file);
  let rows = 0;
  let nonFinite = 0;
  let outsideWindow = 0;
  const spec = { file, bytesMax: METRICS_BYTES_MAX, columns: ['timestamp', 'node', 'metric', 'value'] };
  for await (const batch of csvRows(bytes, spec)) {
    for (const { cells, line } of batch) {
      rows += 1;
      if (rows > METRIC_ROWS_MAX)
        throw new CaptureError({ code: 'file-too-large', file, what: 'rows', max: METRIC_ROWS_MAX });
      const [timeText = '', node = '', metric = '', valueText = ''] = cells;
      const atMs = parseTime(timeText);
      if (atMs === null) throw new CaptureError({ code: 'time-invalid', file, line, text: timeText });
      const value = parseMeasurement(valueText);
      if (value === null) throw new CaptureError({ code: 'number-invalid', file, line, text: valueText });
      const points = collected.pointsOf(node, metric, line);
      if (!Number.isFinite(value)) nonFinite += 1;
      else if (atMs < window.fromMs || atMs > window.toMs) outsideWindow += 1;
      else collected.add(points, atMs, value, line);
    }
  }
  return { metrics: collected.toSeries(), nonFinite, outsideWindow };
}

const NUMBER_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NON_FINITE_TEXT = /^([+-]?inf(inity)?|nan)$/i;

/** NaN stands for every value that is not finite; `null` is not a number at all. */
export function parseMeasurement(text: string): number | null {
  const trimmed = text.trim();
  if (NON_FINITE_TEXT.test(trimmed)) return Number.NaN;
  if (!NUMBER_TEXT.test(trimmed)) return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : Number.NaN;
}

class SeriesCollection {
  readonly #file: string;
  readonly #nodes = new Map<string, Map<string, Points>>();
  #count = 0;

  constructor(file: string) {
    this.#file = file;
  }

  pointsOf(node: string, metric: string, line: number): Points {
    const found = this.#nodes.get(node)?.get(metric);
    if (found !== undefined) return found;
    const why = nameProblem(node) ?? nameProblem(metric);
    if (why !== null) throw new CaptureError({ code: 'row-invalid', file: this.#file, line, why });
    this.#count += 1;
    if (this.#count > SERIES_MAX) {
      throw new CaptureError({ code: 'file-too-large', file: this.#file, what: 'series', max: SERIES_MAX });
    }
    const points: Points = new Map();
    const metrics = this.#nodes.get(node) ?? new Map<string, Points>();
    this.#nodes.set(node, metrics.set(metric, points));
    return points;
  }

  add(points: Points, atMs: number, value: number, line: number): void {
    const known = points.get(atMs);
    if (known !== undefined && known !== value) {
      const why = `${value} contradicts ${known} of the same time, node and metric`;
      throw new CaptureError({ code: 'row-conflicting', file: this.#file, line, why });
    }
    points.set(atMs, value);
  }

  toSeries(): readonly MetricSeries[] {
    return [...this.#nodes].flatMap(([node, metrics]) =>
      [...metrics].flatMap(([metric, points]) => {
        if (points.size === 0) return [];
        const sorted = [...points].toSorted(([left], [right]) => left - right);
        return { node, metric, timesMs: sorted.map(([atMs]) => atMs), values: sorted.map(([, value]) => value) };
      }),
    );
  }
}
