/** Line charts as inline SVG: no script, no outside host; curves differ by dashes and marks too, never by colour alone. */

export type Point = readonly [x: number, y: number];

export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
  /** A line to compare with, drawn thin and grey. */
  readonly guide?: boolean;
  /** Dots at the points, where each is a measurement of its own. */
  readonly dots?: boolean;
}

export interface Chart {
  readonly title: string;
  /** What the axes show, with their units. */
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
  /** Both axes logarithmic: a power of x is a straight line. */
  readonly logarithmic?: boolean;
  readonly mark?: { readonly x: number; readonly label: string } | null;
}

const WIDTH = 860;
const HEIGHT = 330;
const MARGIN = { top: 74, right: 30, bottom: 46, left: 64 } as const;
const LEGEND_COLUMNS = 4;
const LEGEND_ROW = 16;
/** Places on the x axis that are marked one by one. */
const MARKS_MAX = 8;
const COLOURS = ['#06c', '#080', '#b40', '#74b', '#078', '#a36'] as const;
const DASHES = ['0', '8 4', '2 4', '12 3 2 3', '5 2', '1 3'] as const;
const GUIDE_COLOUR = '#888';
const GUIDE_DASH = '4 4';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export const isKnown = ([x, y]: Point): boolean => Number.isFinite(x) && Number.isFinite(y);

interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
}

function linear(values: readonly number[], from: number, to: number): Scale {
  const most = Math.max(1, ...values);
  return {
    at: (value) => from + (value / most) * (to - from),
    ticks: [0, 0.25, 0.5, 0.75, 1].map((tick) => tick * most),
  };
}

/** One and three of every power of ten that the values touch. */
function logarithmicScale(values: readonly number[], from: number, to: number): Scale {
  if (values.length === 0) return linear(values, from, to);
  const least = Math.min(...values);
  const most = Math.max(...values, least * 1.01);
  const [low, high] = [Math.log10(least), Math.log10(most)];
  const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, at) => 10 ** (Math.floor(low) + at));
  const ticks = powers
    .flatMap((power) => [power, 3 * power])
    .filter((tick) => tick >= least * 0.999 && tick <= most * 1.001);
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    ticks: ticks.length > 1 ? ticks : [least, most],
  };
}

const label = (value: number): string =>
  value >= 10_000 ? `${(value / 1_000).toFixed(0)}k` : Number(value.toPrecision(3)).toString();

const styleOf = (curves: readonly Curve[], curve: Curve): { readonly colour: string; readonly dash: string } => {
  const place = curves.filter(({ guide }) => !guide).indexOf(curve);
  if (curve.guide) return { colour: GUIDE_COLOUR, dash: GUIDE_DASH };
  return { colour: COLOURS[place % COLOURS.length] ?? '#000', dash: DASHES[place % DASHES.length] ?? '0' };
};

function legend(curves: readonly Curve[]): string {
  const step = (WIDTH - MARGIN.left - MARGIN.right) / LEGEND_COLUMNS;
  return curves
    .map((curve, index) => {
      const { colour, dash } = styleOf(curves, curve);
      const left = MARGIN.left + (index % LEGEND_COLUMNS) * step;
      const top = 32 + Math.floor(index / LEGEND_COLUMNS) * LEGEND_ROW;
      return `<line x1="${left}" y1="${top}" x2="${left + 26}" y2="${top}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${left + 32}" y="${top + 4}">${escaped(curve.name)}</text>`;
    })
    .join('');
}

export function chartSvg({ title, x, y, curves, logarithmic = false, mark }: Chart): string {
  const shown = curves.map((curve) => ({
    ...curve,
    points: curve.points.filter((point) => isKnown(point) && (!logarithmic || Math.min(...point) > 0)),
  }));
  const points = shown.flatMap((curve) => curve.points);
  const scale = logarithmic ? logarithmicScale : linear;
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const across = scale(
    points.map(([px]) => px),
    MARGIN.left,
    right,
  );
  const up = scale(
    points.map(([, py]) => py),
    bottom,
    MARGIN.top,
  );
  const place = ([px, py]: Point): string => `${across.at(px).toFixed(1)},${up.at(py).toFixed(1)}`;
  const lines = shown.map((curve) => {
    const { colour, dash } = styleOf(shown, curve);
    const dots = curve.points.map((point) => {
      const [cx, cy] = place(point).split(',');
      return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`;
    });
    const width = curve.guide ? 1 : 2;
    return `<polyline fill="none" stroke="${colour}" stroke-width="${width}" stroke-dasharray="${dash}" points="${curve.points.map(place).join(' ')}"/>${curve.dots ? dots.join('') : ''}`;
  });
  const measured = [...new Set(points.map(([px]) => px))];
  // Few sizes or rates are marked as they are; over time or a spread of values the scale's own marks say more.
  const marksAcross = logarithmic && measured.length <= MARKS_MAX ? measured : across.ticks;
  const ticks = [
    ...marksAcross.map(
      (tick) => `<text x="${across.at(tick).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${label(tick)}</text>`,
    ),
    ...up.ticks.map((tick) => {
      const at = up.at(tick).toFixed(1);
      return `<text x="${MARGIN.left - 6}" y="${at}" text-anchor="end">${label(tick)}</text><line x1="${MARGIN.left}" x2="${right}" y1="${at}" y2="${at}" stroke="#ddd"/>`;
    }),
  ];
  const marked = mark
    ? `<line x1="${across.at(mark.x).toFixed(1)}" x2="${across.at(mark.x).toFixed(1)}" y1="${MARGIN.top}" y2="${bottom}" stroke="#c22" stroke-dasharray="2 3"/><text x="${across.at(mark.x).toFixed(1)}" y="${MARGIN.top - 2}" fill="#c22">${escaped(mark.label)}</text>`
    : '';
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
<text x="${MARGIN.left}" y="18" font-weight="bold">${escaped(title)}</text>${legend(shown)}
${ticks.join('\n')}
<text x="${right}" y="${HEIGHT - 10}" text-anchor="end">${escaped(x)}</text><text x="6" y="${MARGIN.top - 8}">${escaped(y)}</text>
${marked}${lines.join('\n')}
</svg>`;
}

/** Rows as an HTML table; the first row is the heading. */
export function tableHtml([head = [], ...body]: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${cells(head, 'th')}${body.map((row) => cells(row, 'td')).join('')}</table>`;
}

/** One page, complete in itself. @param notes sentences below the table */
export function pageHtml(
  title: string,
  charts: readonly Chart[],
  rows: readonly (readonly string[])[],
  notes: readonly string[] = [],
): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>
body{font:14px system-ui,sans-serif;margin:2rem auto;max-width:1000px}svg{width:100%;font-size:12px}
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left}
</style></head><body>
<h1>${escaped(title)}</h1>
${charts.map(chartSvg).join('\n')}
${tableHtml(rows)}
${notes.map((note) => `<p>${escaped(note)}</p>`).join('\n')}
</body></html>
`;
}
