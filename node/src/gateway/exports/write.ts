/** A table as text, piece by piece: nobody holds more of the chain than one block. */
import type { StoredBlock } from '../../ports/index.ts';
import { csvLine } from './csv.ts';
import type { Cell, Table } from './tables.ts';

export const FORMATS = ['csv', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** JSON is one array with a row a line; CSV begins with the names of its columns. Always whole, also without rows. */
export async function* writeTable(
  table: Table,
  format: Format,
  blocks: AsyncIterable<StoredBlock>,
): AsyncGenerator<string> {
  const { columns } = table;
  const isJson = format === 'json';
  yield isJson ? '[' : csvLine(columns);
  let separator = '\n';
  for await (const stored of blocks) {
    let text = '';
    for (const row of table.rows(stored)) {
      const cells = columns.map((column): Cell => row[column] ?? null);
      if (!isJson) text += csvLine(cells);
      else text += separator + JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, cells[at]])));
      separator = ',\n';
    }
    if (text !== '') yield text;
  }
  if (isJson) yield '\n]\n';
}
