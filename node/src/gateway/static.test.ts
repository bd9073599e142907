import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaseChain } from '../testing/audit-kit.ts';
import { callsTo, gatewayParts, refusalOf } from '../testing/gateway-kit.ts';
import { createGateway } from './index.ts';

const INDEX = '<!doctype html><title>explorer</title>';
let directory: string;
let get: ReturnType<typeof callsTo>['get'];
let parts: Awaited<ReturnType<typeof gatewayParts>>;

beforeAll(async () => {
  const outside = mkdtempSync(join(tmpdir(), 'explorer-'));
  directory = join(outside, 'dist');
  mkdirSync(join(directory, 'assets'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  writeFileSync(join(directory, 'index.html'), INDEX);
  writeFileSync(join(directory, 'favicon.svg'), '<svg/>');
  writeFileSync(join(directory, 'assets/app-1a2b.js'), 'export {};');
  parts = await gatewayParts(new CaseChain());
  get = callsTo(createGateway({ ...parts.deps, explorerDirectory: directory })).get;
});

afterAll(() => rmSync(join(directory, '..'), { recursive: true }));

describe('the explorer', () => {
  it.each(['/', '/index.html', '/incidents/INC-0001', '/blocks/7', '/apiary', '/console?tab=log'])(
    'answers %s with its page, which is asked for anew each time',
    async (path) => {
      const response = await get(path);
      expect([response.status, await response.text()]).toEqual([200, INDEX]);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('keeps assets for ever, for their names change with them', async () => {
    const response = await get('/assets/app-1a2b.js');
    expect(await response.text()).toBe('export {};');
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const icon = await get('/favicon.svg');
    expect(icon.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(icon.headers.get('cache-control')).toBe('no-cache');
  });

  it('is no script where an asset is missing', async () => {
    const response = await get('/assets/gone.js');
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-cache']);
    expect(response.headers.get('content-type')).not.toContain('html');
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/..\\secret.txt',
    '/%2e%2e%2fsecret.txt',
  ])('gives nothing beside its folder: %s', async (path) => {
    expect(await (await get(path)).text()).not.toContain('secret');
  });

  it('may load nothing from elsewhere, and is shown in no frame', async () => {
    for (const path of ['/', '/assets/app-1a2b.js']) {
      const policy = (await get(path)).headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("worker-src 'self' blob:");
      expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/);
    }
  });

  it('does not stand in for the API', async () => {
    expect(await refusalOf(await get('/api/nothing'))).toEqual([404, 'NOT_FOUND']);
  });

  it('answers HEAD without a body', async () => {
    const response = await get('/', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each([undefined, join(tmpdir(), 'there-is-no-such-folder')])(
    'that is not built says how to build it (%s)',
    async (explorerDirectory) => {
      const calls = callsTo(
        createGateway({ ...parts.deps, ...(explorerDirectory !== undefined && { explorerDirectory }) }),
      );
      const response = await calls.get('/');
      expect([response.status, response.headers.get('content-type')]).toEqual([503, 'text/html; charset=UTF-8']);
      expect(await response.text()).toContain('npm run build');
      expect((await calls.get('/api/chain')).status).toBe(200);
    },
  );

  it('appears without a restart once it is built', async () => {
    const folder = join(directory, '..', 'later');
    const calls = callsTo(createGateway({ ...parts.deps, explorerDirectory: folder }));
    expect((await calls.get('/')).status).toBe(503);
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.html'), INDEX);
    expect((await calls.get('/')).status).toBe(200);
  });
});
