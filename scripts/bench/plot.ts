/** The run as one HTML file with inline SVG: no script, no outside host, and the figures as a table too. */
import type { Percentiles } from './statistics.ts';
import { percentile } from './statistics.ts';

export interface PlotData {
  readonly title: string;
  readonly floorMs: readonly number[];
  readonly finalityMs: Percentiles;
  readonly latenciesMs: readonly number[];
  /** Seconds since the load began: when blocks came, with their transactions. */
  readonly blocks: readonly { readonly atSeconds: number; readonly transactionCount: number }[];
  readonly killedAtSeconds: number | null;
  readonly rows: readonly (readonly string[])[];
}

const WIDTH = 860;
const HEIGHT = 280;
const MARGIN = 50;
/** Seconds of one point of the throughput curve. */
const STEP_SECONDS = 0.5;
const CURVE_POINTS = 100;

interface Curve {
  readonly name: string;
  readonly colour: string;
  /** Dashes tell curves apart without colour. */
  readonly dash: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function chart(title: string, unit: readonly [string, string], curves: readonly Curve[], mark?: number | null): string {
  const xMax = Math.max(1, ...curves.flatMap(({ points }) => points.map(([x]) => x)));
  const yMax = Math.max(1, ...curves.flatMap(({ points }) => points.map(([, y]) => y)));
  const x = (value: number): string => (MARGIN + (value / xMax) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const y = (value: number): string => (HEIGHT - MARGIN - (value / yMax) * (HEIGHT - 2 * MARGIN)).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const label = (value: number): string => (value >= 10 ? value.toFixed(0) : value.toFixed(1));
  const lines = curves.map(
    ({ points, colour, dash }) =>
      `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}" points="${points
        .map(([px, py]) => `${x(px)},${y(py)}`)
        .join(' ')}"/>`,
  );
  const legend = curves.map(
    ({ name, colour, dash }, index) =>
      `<line x1="${MARGIN + index * 230}" y1="34" x2="${MARGIN + 30 + index * 230}" y2="34" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${MARGIN + 36 + index * 230}" y="38">${escaped(name)}</text>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
<text x="${MARGIN}" y="18" font-weight="bold">${escaped(title)}</text>${legend.join('')}
${ticks.map((tick) => `<text x="${x(tick * xMax)}" y="${HEIGHT - MARGIN + 18}" text-anchor="middle">${label(tick * xMax)}</text><text x="${MARGIN - 6}" y="${y(tick * yMax)}" text-anchor="end">${label(tick * yMax)}</text><line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${y(tick * yMax)}" y2="${y(tick * yMax)}" stroke="#ddd"/>`).join('\n')}
<text x="${WIDTH - MARGIN}" y="${HEIGHT - 12}" text-anchor="end">${escaped(unit[0])}</text><text x="6" y="50">${escaped(unit[1])}</text>
${mark === undefined || mark === null ? '' : `<line x1="${x(mark)}" x2="${x(mark)}" y1="${MARGIN}" y2="${HEIGHT - MARGIN}" stroke="#c22" stroke-dasharray="2 3"/><text x="${x(mark)}" y="${MARGIN - 2}" fill="#c22">nodes killed</text>`}
${lines.join('\n')}
</svg>`;
}

/** Share of samples at or below each value, in percent. */
function distribution(samples: readonly number[]): readonly (readonly [number, number])[] {
  if (samples.length === 0) return [];
  return Array.from({ length: CURVE_POINTS }, (_, at) => [percentile(samples, at / CURVE_POINTS), at] as const);
}

/** Transactions a second over time. */
export function throughput(blocks: PlotData['blocks']): readonly (readonly [number, number])[] {
  const steps = Math.floor((blocks.at(-1)?.atSeconds ?? 0) / STEP_SECONDS);
  const counts = Array.from({ length: steps }, () => 0);
  for (const { atSeconds, transactionCount } of blocks) {
    const step = Math.floor(atSeconds / STEP_SECONDS);
    if (step < steps) counts[step] = (counts[step] ?? 0) + transactionCount;
  }
  return counts.map((count, step) => [(step + 0.5) * STEP_SECONDS, count / STEP_SECONDS] as const);
}

export function plotHtml({ title, floorMs, finalityMs, latenciesMs, blocks, killedAtSeconds, rows }: PlotData): string {
  const finality = [
    [0, 0],
    [finalityMs.p50, 50],
    [finalityMs.p90, 90],
    [finalityMs.p99, 99],
  ] as const;
  const known = finality.filter(([x]) => Number.isFinite(x));
  const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const [head = [], ...body] = rows;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>
body{font:14px system-ui,sans-serif;margin:2rem auto;max-width:900px}svg{width:100%;font-size:12px}
table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left}</style></head><body>
<h1>${escaped(title)}</h1>
${chart(
  'Latency: share of blocks or transactions at most this slow',
  ['ms', '%'],
  [
    { name: 'floor (no consensus)', colour: '#777', dash: '2 4', points: distribution(floorMs) },
    { name: 'propose to final', colour: '#06c', dash: '8 4', points: known },
    { name: 'submit to final', colour: '#080', dash: '0', points: distribution(latenciesMs) },
  ],
)}
${chart(
  'Final transactions over time',
  ['seconds of load', 'tx/s'],
  [{ name: 'transactions a second', colour: '#080', dash: '0', points: throughput(blocks) }],
  killedAtSeconds,
)}
<table>${cells(head, 'th')}${body.map((row) => cells(row, 'td')).join('')}</table>
</body></html>
`;
}
