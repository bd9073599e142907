/** Rows as CSV (RFC 4180) that a spreadsheet opens without running anything. */
import type { Cell } from './tables.ts';

const LINE_END = '\r\n';
/** A spreadsheet takes a cell that begins so for a formula; what agents wrote stands in these cells. */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /["\r\n,]/;

function textOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  return FORMULA.test(text) ? `'${text}` : text;
}

function quoted(cell: Cell): string {
  const text = textOf(cell);
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (cells: readonly Cell[]): string => cells.map(quoted).join(',') + LINE_END;
