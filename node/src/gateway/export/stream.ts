/** An export as a stream: one block read at a time, and only as fast as the reader takes it. */
import type { NodeView, StoredBlock } from '../../ports/index.ts';
import type { Cell } from './csv.ts';
import { csvLine } from './csv.ts';
import type { Row, Table } from './tables.ts';

export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof FORMATS)[number];

export const CONTENT_TYPE: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** Characters that are gathered before they are handed on: some packets at once, and little memory. */
const CHUNK_CHARACTERS = 32_768;

const cellOf = (value: Row[string] | undefined): Cell =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null);

interface Writer {
  readonly begin: string;
  row(row: Row, isFirst: boolean): string;
  readonly end: string;
}

function writerOf(format: ExportFormat, { columns }: Table): Writer {
  if (format === 'csv') {
    const row = (values: Row): string => csvLine(columns.map((column) => cellOf(values[column])));
    return { begin: csvLine(columns), row, end: '' };
  }
  if (format === 'ndjson') return { begin: '', row: (row) => `${JSON.stringify(row)}\n`, end: '' };
  const row = (values: Row, isFirst: boolean): string => `${isFirst ? '\n' : ',\n'}${JSON.stringify(values)}`;
  return { begin: '[', row, end: '\n]\n' };
}

export interface ExportRange {
  /** Heights, both inclusive; empty when `from` is above `to`. */
  readonly from: number;
  readonly to: number;
}

/** @param blockAt a missing block ends the stream with an error: a reader must not take a part for the whole */
export async function* exportText(
  node: NodeView,
  blockAt: (height: number) => Promise<StoredBlock | undefined>,
  table: Table,
  format: ExportFormat,
  { from, to }: ExportRange,
): AsyncGenerator<string> {
  const writer = writerOf(format, table);
  let text = writer.begin;
  let isFirst = true;
  for (let height = from; height <= to; height += 1) {
    const stored = await blockAt(height);
    if (!stored) throw new Error(`block ${height} is missing`);
    for (const row of table.rowsOf(node, stored)) {
      text += writer.row(row, isFirst);
      isFirst = false;
    }
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield text + writer.end;
}

/** @param release is called once, when the stream has ended, failed, or was given up by its reader */
export function byteStream(text: AsyncGenerator<string>, release: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      const { done, value } = await text.next();
      if (!done) return controller.enqueue(encoder.encode(value));
      release();
      controller.close();
    } catch (error) {
      release();
      throw error;
    }
  };
  const cancel = async (): Promise<void> => {
    release();
    await text.return(undefined);
  };
  // Nothing is read ahead: an answer whose body nobody takes costs nothing.
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
}
