/** Bytes to text lines with their numbers, holding no more than one chunk and one line at a time. */
import { LINE_CHARACTERS_MAX } from './constants.ts';
import { CaptureError } from './errors.ts';

export type Line = { readonly text: string; readonly line: number };

type Limits = { readonly file: string; readonly bytesMax: number };

/** UTF-8 text in pieces. Throws `file-too-large` and `file-undecodable`. */
export async function* decoded(bytes: AsyncIterable<Uint8Array>, { file, bytesMax }: Limits): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (error) {
      throw new CaptureError({ code: 'file-undecodable', file, why: 'not UTF-8' }, { cause: error });
    }
  };
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.byteLength;
    if (total > bytesMax) throw new CaptureError({ code: 'file-too-large', file, what: 'bytes', max: bytesMax });
    yield decode(chunk);
  }
  yield decode();
}

/** Lines in batches (one batch a chunk: far cheaper than one await a line); blank lines are left out but counted. */
export async function* lineBatches(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncIterable<readonly Line[]> {
  const { file } = limits;
  let rest = '';
  let line = 0;
  const toLines = (texts: readonly string[]): readonly Line[] => {
    const lines: Line[] = [];
    for (const raw of texts) {
      line += 1;
      const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (text.length > LINE_CHARACTERS_MAX) throw tooLong(file, line);
      if (text.trim() !== '') lines.push({ text, line });
    }
    return lines;
  };
  for await (const piece of decoded(bytes, limits)) {
    const texts = (rest + piece).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > LINE_CHARACTERS_MAX + 1) throw tooLong(file, line + texts.length + 1);
    yield toLines(texts);
  }
  yield toLines([rest]);
}

function tooLong(file: string, line: number): CaptureError {
  return new CaptureError({ code: 'line-too-long', file, line, max: LINE_CHARACTERS_MAX });
}
