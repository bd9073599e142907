/** The text that Prometheus scrapes, read into samples. Only what the lab's services write: no exemplars, no timestamps. */

export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** @param wanted names to keep: a process exposes ten times as many as anyone looks at */
export function parseExposition(text: string, wanted: (name: string) => boolean): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('#') || line === '') return [];
    const name = line.slice(0, line.search(/[{ ]/));
    if (!wanted(name)) return [];
    const [, , labelText = '', valueText = ''] = LINE.exec(line) ?? [];
    const labels = Object.fromEntries(
      [...labelText.matchAll(LABEL)].map(([, key = '', value = '']) => [key, unescaped(value)]),
    );
    return [{ name, labels, value: numberOf(valueText) }];
  });
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
