/** The explorer's files, served by every node itself: no outside host is ever asked, and the browser is told so. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Context, MiddlewareHandler } from 'hono';
import type { GatewayEnv } from './deps.ts';

/** Inline styles are what antd writes; the layout of graphs runs in a worker out of a blob. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
};

/** The bundler names these after their content. */
const ASSETS = '/assets/';
const ASSET_CACHE = 'public, max-age=31536000, immutable';

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>DAO-Gov AIOps</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}</style>
<h1>The explorer is not built yet</h1>
<p>This node runs. Build its explorer once, then load this page again:</p>
<pre>npm run build</pre>
<p>The API is there already: <a href="/api/chain">/api/chain</a>, <a href="/openapi.json">/openapi.json</a>.</p>
<h2 lang="zh">浏览器界面尚未构建</h2>
<p lang="zh">节点正在运行。请先执行一次 <code>npm run build</code>，然后刷新本页。</p>
</html>
`;

type Page = (c: Context<GatewayEnv>) => Response | Promise<Response>;

/** A file of the folder, or the application itself for any path that it may know. */
export function explorerFiles(directory: string | undefined): Page {
  let files: MiddlewareHandler | undefined;
  let index: MiddlewareHandler | undefined;
  return async (c) => {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value);
    c.header('cache-control', 'no-cache');
    if (directory === undefined || !existsSync(join(directory, 'index.html'))) return c.html(NOT_BUILT, 503);
    files ??= serveStatic({ root: directory, precompressed: true });
    index ??= serveStatic({ root: directory, path: 'index.html' });
    const found = await files(c, async () => {});
    const isAsset = c.req.path.startsWith(ASSETS);
    if (found && isAsset) found.headers.set('cache-control', ASSET_CACHE);
    if (found) return found;
    // A page of an older build asks for assets that are gone: the application is no script.
    if (isAsset) return c.text('no such file', 404);
    return (await index(c, async () => {})) ?? c.html(NOT_BUILT, 503);
  };
}
