import { describe, expect, it } from 'vitest';
import { downloadExport, type FileFormat } from './download.ts';

/** Parts as a node hands them out, in chunks that cut records and characters in two. */
function nodeWith(parts: readonly string[], asked: string[] = []): typeof fetch {
  return async (input) => {
    const url = new URL(String(input));
    asked.push(url.pathname + url.search);
    const at = Number(url.searchParams.get('from') ?? 0);
    const bytes = new TextEncoder().encode(parts[at]);
    const link = at + 1 < parts.length ? { link: `<${url.pathname}?from=${at + 1}>; rel="next"` } : {};
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(sent, sent + 5));
        sent += 5;
      },
    });
    return new Response(body, { headers: link });
  };
}

async function download(format: FileFormat, fetch: typeof globalThis.fetch) {
  let text = '';
  const write = async (more: string): Promise<void> => {
    text += more;
  };
  const result = await downloadExport({ url: 'http://127.0.0.1:1', what: 'events', format, write, fetch });
  return { text, ...result };
}

const LINES = ['{"a":"一"}\n{"a":"二"}\n', '', '{"a":"三"}\n'];
const CSV = ['id,text\r\n1,一\r\n2,"two\r\nlines, ""quoted"""\r\n', 'id,text\r\n', 'id,text\r\n3,三\r\n'];

describe('parts of an export', () => {
  it('become one CSV file with one heading, records with line breaks whole', async () => {
    expect(await download('csv', nodeWith(CSV))).toEqual({
      text: 'id,text\r\n1,一\r\n2,"two\r\nlines, ""quoted"""\r\n3,三\r\n',
      ...{ rows: 3, parts: 3 },
    });
  });

  it('become one JSON array', async () => {
    const asked: string[] = [];
    const { text, rows } = await download('json', nodeWith(LINES, asked));
    expect(JSON.parse(text)).toEqual([{ a: '一' }, { a: '二' }, { a: '三' }]);
    expect(rows).toBe(3);
    const path = '/api/export/events.ndjson';
    expect(asked.map((one) => one.replace(/\?$/, ''))).toEqual([path, `${path}?from=1`, `${path}?from=2`]);
  });

  it('become a row a line', async () => {
    expect((await download('ndjson', nodeWith(LINES))).text).toBe(LINES.join(''));
  });

  it('of an empty chain are a heading, or an empty array', async () => {
    expect((await download('csv', nodeWith(['id\r\n']))).text).toBe('id\r\n');
    expect(JSON.parse((await download('json', nodeWith(['']))).text)).toEqual([]);
  });

  it('that break off fail', async () => {
    await expect(download('csv', nodeWith(['id\r\n1,"open']))).rejects.toThrow('broke off');
  });

  it('that a node refuses say why', async () => {
    const refusing = async () => Response.json({ detail: 'other exports are under way' }, { status: 503 });
    await expect(download('csv', refusing)).rejects.toThrow('/api/export/events.csv: 503 other exports are under way');
    const dead = async () => Promise.reject(new TypeError('fetch failed'));
    await expect(download('csv', dead)).rejects.toThrow('http://127.0.0.1:1 does not answer');
  });
});
