/** The engine's findings as an answer that can be scored. */
import type { Findings } from '@dao-gov/agent-runtime/analysis';
import type { Answer } from './score.ts';

export function answerOf({ candidates, verdict }: Findings): Answer {
  const first = candidates[0];
  return {
    candidates,
    abstained: verdict === 'not-enough-evidence',
    faultKind: first?.faultKind ?? 'unknown',
    path: first?.path ?? [],
  };
}
