import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { captureSource } from './capture-source.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'captures-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function writeCapture(folder: string, id: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const description = {
    id,
    title: `Incident ${id}`,
    alert: { node: 'web', metric: 'latency_ms', at: '2024-05-01T10:05:00Z' },
    window: { from: '2024-05-01T10:00:00Z', to: '2024-05-01T10:10:00Z' },
  };
  await writeFile(join(folder, 'capture.json'), JSON.stringify(description));
  await writeFile(join(folder, 'topology.csv'), 'caller,callee\n');
  await writeFile(join(folder, 'metrics.csv'), 'timestamp,node,metric,value\n');
}

describe('captures on disk', () => {
  test('a folder that is a capture is a source of one', async () => {
    await writeCapture(root, 'only');
    const source = captureSource(root);
    expect(await source.list()).toEqual([
      {
        id: 'only',
        title: 'Incident only',
        alert: { node: 'web', metric: 'latency_ms', atMs: Date.UTC(2024, 4, 1, 10, 5) },
      },
    ]);
    expect((await source.capture('only')).id).toBe('only');
  });

  test('captures in a folder are found by id, whatever their folders are called', async () => {
    await writeCapture(join(root, 'x'), 'second');
    await writeCapture(join(root, 'y'), 'first');
    await mkdir(join(root, 'run'));
    await writeFile(join(root, 'README.md'), 'no capture');
    const source = captureSource(root);
    expect((await source.list()).map(({ id }) => id)).toEqual(['first', 'second']);
    expect((await source.capture('second')).id).toBe('second');
    await expect(source.capture('x')).rejects.toMatchObject({ code: 'capture-unknown' });
  });

  test.each(['..', '../outside', 'inside/../../outside', '/etc', 'outside', '', '__proto__'])(
    '%j leads nowhere',
    async (id) => {
      await writeCapture(join(root, 'inside', 'capture'), 'good');
      await writeCapture(join(root, 'outside'), 'secret');
      const source = captureSource(join(root, 'inside'));
      await expect(source.capture(id)).rejects.toMatchObject({ code: 'capture-unknown' });
    },
  );

  test('a capture added later is found', async () => {
    const source = captureSource(root);
    expect(await source.list()).toEqual([]);
    await writeCapture(join(root, 'late'), 'late');
    expect((await source.list()).map(({ id }) => id)).toEqual(['late']);
  });

  test('two captures of one id are refused', async () => {
    await writeCapture(join(root, 'a'), 'same');
    await writeCapture(join(root, 'b'), 'same');
    await expect(captureSource(root).list()).rejects.toMatchObject({
      problem: { code: 'capture-duplicate', id: 'same' },
    });
  });
});
