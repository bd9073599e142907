/** Rows of a comma-separated file: quoting as in RFC 4180, but a cell never spans lines. */
import { CaptureError } from './errors.ts';
import { lineBatches } from './lines.ts';

export type CsvRow = { readonly cells: readonly string[]; readonly line: number };

type CsvFile = { readonly file: string; readonly bytesMax: number; readonly columns: readonly string[] };

/** Checks the header and the number of cells. Yields batches. */
export async function* csvRows(bytes: AsyncIterable<Uint8Array>, spec: CsvFile): AsyncIterable<readonly CsvRow[]> {
  const { file, bytesMax, columns } = spec;
  const expected = columns.join(',');
  const headerError = (line: number): CaptureError =>
    new CaptureError({ code: 'header-invalid', file, line, expected });
  let header = false;
  for await (const batch of lineBatches(bytes, { file, bytesMax })) {
    const rows: CsvRow[] = [];
    for (const { text, line } of batch) {
      const cells = splitCells(text);
      if (!header) {
        if (cells === null || cells.map((cell) => cell.trim()).join(',') !== expected) throw headerError(line);
        header = true;
      } else if (cells === null || cells.length !== columns.length) {
        throw new CaptureError({ code: 'row-invalid', file, line, why: `${columns.length} cells expected` });
      } else rows.push({ cells, line });
    }
    yield rows;
  }
  if (!header) throw headerError(1);
}

/** `null` when quotes do not match. */
export function splitCells(text: string): readonly string[] | null {
  if (!text.includes('"')) return text.split(',');
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const match = cell.exec(text);
    if (match === null) return null;
    cells.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === '') return cells;
  }
}
