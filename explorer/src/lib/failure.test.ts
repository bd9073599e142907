import { AnswerError, ApiError } from '@dao-gov/node/client';
import { expect, test } from 'vitest';
import { failureOf, mayPass } from './failure.ts';

const problem = (status: number, code: 'NOT_FOUND' | 'RATE_LIMITED' | 'INTERNAL') =>
  new ApiError({ type: 'about:blank', title: '', status, code, detail: 'why' });

test.each([
  [problem(404, 'NOT_FOUND'), { kind: 'refused', code: 'NOT_FOUND', detail: 'why' }, false],
  [problem(429, 'RATE_LIMITED'), { kind: 'refused', code: 'RATE_LIMITED', detail: 'why' }, true],
  [problem(500, 'INTERNAL'), { kind: 'refused', code: 'INTERNAL', detail: 'why' }, true],
  [new AnswerError('UNREACHABLE', 'gone'), { kind: 'silent', code: '', detail: 'UNREACHABLE: gone' }, true],
  [new AnswerError('UNREADABLE', 'html'), { kind: 'strange', code: '', detail: 'UNREADABLE: html' }, false],
  [new TypeError('bug'), { kind: 'strange', code: '', detail: 'bug' }, false],
])('%s', (error, failure, passes) => {
  expect(failureOf(error)).toEqual(failure);
  expect(mayPass(error)).toBe(passes);
});
