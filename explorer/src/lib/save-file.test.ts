import { ApiError } from '@dao-gov/node/client';
import { expect, test } from 'vitest';
import { ExportMissing, fetchFile } from './save-file.ts';

const answering = (body: string, status: number) => async () => new Response(body, { status });
const problem = { type: 'about:blank', title: 'slow down', status: 429, code: 'RATE_LIMITED', detail: 'too many' };

test('gives the file as it came', async () => {
  expect(await (await fetchFile('/x.csv', answering('height\n1\n', 200))).text()).toBe('height\n1\n');
});

test('tells a node without the export from one that refuses', async () => {
  await expect(fetchFile('/x.csv', answering('not found', 404))).rejects.toThrow(ExportMissing);
  await expect(fetchFile('/x.csv', answering(JSON.stringify(problem), 429))).rejects.toThrow(ApiError);
});

test('a silent node, and an answer that is none', async () => {
  const silent = () => Promise.reject(new TypeError('failed to fetch'));
  await expect(fetchFile('/x.csv', silent)).rejects.toMatchObject({ reason: 'UNREACHABLE' });
  await expect(fetchFile('/x.csv', answering('<html>', 502))).rejects.toMatchObject({ reason: 'UNREADABLE' });
});
