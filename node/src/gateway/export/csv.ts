/**
 * Comma-separated values by RFC 4180: a heading, CRLF, quotes where they are needed. Texts of agents and alerts stand in
 * these cells, and spreadsheets run what looks like a formula: such a text begins with an apostrophe here. Numbers are
 * written by this node and stay numbers, also negative ones.
 */

export type Cell = string | number | boolean | null;

/** Leading characters after which a spreadsheet calculates, or skips white space to look for one of the others. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One record with its line break. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;
