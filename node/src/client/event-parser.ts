/** Server-sent events out of text that arrives in pieces (HTML standard, section 9.2.6). */
import { EVENT_CHARACTERS_MAX } from './constants.ts';
import { AnswerError } from './errors.ts';

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
  /** The id that came with it or, without an event of its own, before it; undefined when none did. */
  readonly id: string | undefined;
}

export interface EventParser {
  /** Events that the piece completes. @throws AnswerError when one grows beyond all measure */
  push(piece: string): readonly ServerEvent[];
  /** What the server asked for with `retry:`, in milliseconds. */
  readonly retryMs: number | undefined;
}

export function createEventParser(): EventParser {
  let rest = '';
  let id: string | undefined;
  let name = '';
  let data: string[] = [];
  let characters = 0;
  let retryMs: number | undefined;

  const line = (text: string): ServerEvent | undefined => {
    if (text === '') {
      const event = data.length > 0 ? { name: name === '' ? 'message' : name, data: data.join('\n'), id } : undefined;
      if (event) id = undefined;
      [name, data, characters] = ['', [], 0];
      return event;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return undefined; // a comment: the heartbeat
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
    if (field === 'id' && !value.includes('\0')) id = value;
    if (field === 'retry' && /^\d+$/.test(value)) retryMs = Number(value);
    return undefined;
  };

  return {
    get retryMs() {
      return retryMs;
    },
    push: (piece) => {
      characters += piece.length;
      rest += piece;
      // A carriage return at the end may be the first half of a line break: it waits for the next piece.
      const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
      const lines = whole.split(/\r\n|\r|\n/);
      rest = (lines.pop() ?? '') + rest.slice(whole.length);
      const events = lines.flatMap((text) => line(text) ?? []);
      if (rest.length > EVENT_CHARACTERS_MAX || characters > 2 * EVENT_CHARACTERS_MAX) {
        throw new AnswerError('UNREADABLE', 'an event of the stream is too large');
      }
      if (data.length === 0) characters = rest.length;
      return events;
    },
  };
}
