/** Splits printed JSON into parts for colouring. */
export interface JsonToken {
  readonly text: string;
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'plain';
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Indented text of a value, in tokens that joined give exactly that text. */
export function jsonTokens(value: unknown): readonly JsonToken[] {
  const text = JSON.stringify(value, null, 2) ?? 'undefined';
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ text: text.slice(end, match.index), kind: 'plain' });
    const [whole, string, colon, number] = match;
    if (string !== undefined && colon !== undefined) {
      tokens.push({ text: string, kind: 'key' }, { text: colon, kind: 'plain' });
    } else {
      tokens.push({ text: whole, kind: string !== undefined ? 'string' : number !== undefined ? 'number' : 'word' });
    }
    end = match.index + whole.length;
  }
  if (end < text.length) tokens.push({ text: text.slice(end), kind: 'plain' });
  return tokens;
}
