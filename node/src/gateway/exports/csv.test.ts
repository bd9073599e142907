import { describe, expect, it } from 'vitest';
import { csvLine } from './csv.ts';

describe('a line of CSV', () => {
  it('separates by commas and ends as RFC 4180 says', () => {
    expect(csvLine(['a', 1, true, null])).toBe('a,1,true,\r\n');
  });

  it('quotes what would break it, and doubles quotes', () => {
    expect(csvLine(['a,b', 'say "no"', 'two\nlines', 'two\rlines'])).toBe(
      '"a,b","say ""no""","two\nlines","two\rlines"\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@sum', '\tx', '\rx'])('does not let %j be a formula', (text) => {
    expect(csvLine([text]).replaceAll('"', '')).toBe(`'${text}\r\n`);
  });

  it('leaves negative numbers what they are', () => {
    expect(csvLine([-5])).toBe('-5\r\n');
  });

  it('writes lists and objects as JSON', () => {
    expect(csvLine([[1, 2], { a: 'b' }])).toBe('"[1,2]","{""a"":""b""}"\r\n');
  });
});
