/**
 * The few rules of the house that no other tool covers, as pure functions of a file's path and text.
 * Every message names what to write instead.
 */

export interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Finding {
  readonly path: string;
  /** 1-based; 1 for a finding about the whole file. */
  readonly line: number;
  readonly message: string;
}

interface PatternRule {
  readonly applies: (path: string) => boolean;
  readonly pattern: RegExp;
  readonly message: string;
  /** Whether comments are looked at too. */
  readonly comments: boolean;
}

/** A longer file mixes two jobs; the house's usual size is below 150. */
const LINES_MAX = 400;
/** Spaced dashes in one file; beyond that they are a tic. */
const DASHES_MAX = 3;

const isCode = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path);
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
const isPure = (path: string): boolean =>
  isCode(path) &&
  !isTest(path) &&
  /^(node\/src\/(protocol|consensus|vm|ports)|agent-runtime\/src\/analysis)\//.test(path);
const isSynchronous = (path: string): boolean => isPure(path) && /^node\/src\/(consensus|vm)\//.test(path);
const everywhere = (): boolean => true;

const PATTERN_RULES: readonly PatternRule[] = [
  {
    applies: isPure,
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/,
    message: 'a pure room has no clock: take the time as an argument (the host reads it from ports/clock.ts)',
    comments: false,
  },
  {
    applies: isPure,
    pattern: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/,
    message: 'a pure room has no randomness: take a seed or the random bytes as an argument',
    comments: false,
  },
  {
    applies: isPure,
    pattern: /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/,
    message: 'a pure room has no timers: return an effect that asks the host to arm one',
    comments: false,
  },
  {
    applies: isSynchronous,
    pattern: /\bawait\b|\basync\b/,
    message: 'consensus and vm are synchronous: return an effect, and take its result as the next input',
    comments: false,
  },
  {
    applies: everywhere,
    pattern: /(?<![\w.:/@~-])\/(?:work|root|home|Users)\/(?!node\/)/,
    message: 'a path of one machine: start from import.meta.dirname, os.homedir() or os.tmpdir(), or take an argument',
    comments: true,
  },
  {
    applies: everywhere,
    pattern: /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|\bnpmmirror\b|\bartifactory\b/i,
    message: "a package registry's host: leave it to the npm configuration of whoever installs",
    comments: true,
  },
  {
    applies: (path) => isCode(path) || path.endsWith('.md'),
    pattern: /\b(?:TO[D]O|FIX[M]E)\b/,
    message: 'unfinished work: finish it, or state the limit in the module header or the README',
    comments: true,
  },
];

/** Blanks comments and keeps line numbers. A `//` inside a string hides the rest of its line, which is good enough. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/\/\/.*$/gm, '');

function patternFindings({ path, text }: SourceFile): Finding[] {
  const rules = PATTERN_RULES.filter((rule) => rule.applies(path));
  if (rules.length === 0) return [];
  const lines = text.split('\n');
  const bareLines = withoutComments(text).split('\n');
  return rules.flatMap(({ pattern, message, comments }) =>
    (comments ? lines : bareLines).flatMap((line, index) =>
      pattern.test(line) ? [{ path, line: index + 1, message }] : [],
    ),
  );
}

function sizeFindings({ path, text }: SourceFile): Finding[] {
  if (!isCode(path) || !path.includes('/src/')) return [];
  const lines = text.trimEnd().split('\n').length;
  if (lines <= LINES_MAX) return [];
  return [{ path, line: 1, message: `${lines} lines, at most ${LINES_MAX}: split it by job, one file a verb` }];
}

function headerFindings({ path, text }: SourceFile): Finding[] {
  if (!/^(node|agent-runtime)\/src\/[^/]+\/index\.ts$/.test(path) || /^\s*\/[*/]/.test(text)) return [];
  return [{ path, line: 1, message: 'a room starts with a comment: say what it does and why it is apart' }];
}

function dashFindings({ path, text }: SourceFile): Finding[] {
  const dashes = text.split(' \u2014 ').length - 1;
  if (dashes <= DASHES_MAX) return [];
  return [{ path, line: 1, message: `${dashes} spaced dashes: write a full stop, a comma or a colon` }];
}

/** All findings of one file, empty when it is tidy. */
export const tidyFindings = (file: SourceFile): readonly Finding[] => [
  ...patternFindings(file),
  ...sizeFindings(file),
  ...headerFindings(file),
  ...dashFindings(file),
];
