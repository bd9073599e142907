/** How the commands speak: progress on standard error, results on standard output, `--json` as one last line. */

const colour = process.stderr.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text: string): string => paint(1, text);
export const dim = (text: string): string => paint(2, text);
export const green = (text: string): string => paint(32, text);
export const red = (text: string): string => paint(31, text);
export const yellow = (text: string): string => paint(33, text);

/** Columns of the terminal that a text takes: Chinese characters take two. */
export function columnsOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes take no column
  const plain = text.replaceAll(/\u001b\[\d+m/g, '');
  return [...plain].reduce(
    (columns, char) =>
      columns + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(char) ? 2 : 1),
    0,
  );
}

/** Rows as aligned text; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))));
  return rows
    .map((row, index) => {
      const line = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - columnsOf(cell))).join('  ');
      return index === 0 ? bold(line.trimEnd()) : line.trimEnd();
    })
    .join('\n');
}

/** One line of progress. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** The result for machines: one object, on the last line. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** Ends the process with what went wrong in one line. Exit code 1: it failed; 2: it was asked wrongly. */
export function fail(error: unknown, code: 1 | 2 = 1): never {
  say(`${red('error')} ${error instanceof Error ? error.message : String(error)}`);
  process.exit(code);
}
