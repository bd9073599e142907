/** What can be wrong with a capture. `file` is the name inside the capture folder, `line` counts from 1. */

export type CaptureProblem =
  | { readonly code: 'file-missing'; readonly file: string }
  | { readonly code: 'file-too-large'; readonly file: string; readonly what: string; readonly max: number }
  | { readonly code: 'file-undecodable'; readonly file: string; readonly why: string }
  | { readonly code: 'line-too-long'; readonly file: string; readonly line: number; readonly max: number }
  | { readonly code: 'header-invalid'; readonly file: string; readonly line: number; readonly expected: string }
  | { readonly code: 'row-invalid'; readonly file: string; readonly line: number; readonly why: string }
  | { readonly code: 'row-conflicting'; readonly file: string; readonly line: number; readonly why: string }
  | { readonly code: 'number-invalid'; readonly file: string; readonly line: number; readonly text: string }
  | { readonly code: 'time-invalid'; readonly file: string; readonly line: number; readonly text: string }
  | { readonly code: 'json-invalid'; readonly file: string; readonly line: number; readonly why: string }
  | { readonly code: 'capture-unknown'; readonly id: string }
  | { readonly code: 'window-not-covered'; readonly id: string; readonly toMs: number }
  | { readonly code: 'capture-duplicate'; readonly id: string; readonly folders: readonly string[] }
  | { readonly code: 'captures-too-many'; readonly max: number };

export type CaptureErrorCode = CaptureProblem['code'];

export class CaptureError extends Error {
  readonly problem: CaptureProblem;

  constructor(problem: CaptureProblem, options?: ErrorOptions) {
    super(describe(problem), options);
    this.name = 'CaptureError';
    this.problem = problem;
  }

  get code(): CaptureErrorCode {
    return this.problem.code;
  }
}

function describe(problem: CaptureProblem): string {
  const { code, ...details } = problem;
  const place = 'file' in problem ? `${problem.file}${'line' in problem ? `:${problem.line}` : ''}: ` : '';
  const rest = Object.entries(details).filter(([key]) => key !== 'file' && key !== 'line');
  return `${place}${code} ${rest.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(' ')}`.trimEnd();
}
