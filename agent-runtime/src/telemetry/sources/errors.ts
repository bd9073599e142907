/** What can go wrong between an agent and a telemetry system. `source` is what the configuration calls it. */

export type SourceProblem =
  | { readonly code: 'source-unreachable'; readonly source: string; readonly why: string }
  | { readonly code: 'source-timeout'; readonly source: string; readonly afterMs: number }
  | { readonly code: 'source-refused'; readonly source: string; readonly status: number; readonly why: string }
  | { readonly code: 'answer-too-large'; readonly source: string; readonly what: string; readonly max: number }
  | { readonly code: 'answer-invalid'; readonly source: string; readonly why: string }
  | { readonly code: 'config-invalid'; readonly source: string; readonly why: string };

export type SourceErrorCode = SourceProblem['code'];

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly problem: SourceProblem;

  constructor(problem: SourceProblem, options?: ErrorOptions) {
    super(describe(problem), options);
    this.problem = problem;
  }

  get code(): SourceErrorCode {
    return this.problem.code;
  }
}

function describe({ code, source, ...details }: SourceProblem): string {
  const rest = Object.entries(details).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${source}: ${code} ${rest.join(' ')}`;
}
