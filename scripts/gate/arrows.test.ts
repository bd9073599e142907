import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkArrows } from './arrows.ts';

/** A small house that obeys every arrow, in the syntax that the real one uses. */
const CLEAN: Readonly<Record<string, string>> = {
  'node/src/protocol/index.ts': "import { z } from 'zod';\nexport const schema = { z } satisfies object;",
  'node/src/protocol/audit/index.ts': "export * from '../index.ts';",
  'node/src/protocol/index.test.ts': "import { readFileSync } from 'node:fs';\nreadFileSync('a');",
  'node/src/ports/index.ts': "import type { schema } from '../protocol/index.ts';\nexport type Port = typeof schema;",
  'node/src/consensus/index.ts': "export { schema } from '../protocol/index.ts';",
  'node/src/vm/index.ts': "import '../protocol/index.ts';\nexport class Gas { #left = 1n; static { /v/v.test(''); } }",
  'node/src/host/index.ts': "import '../vm/index.ts';\nimport '../consensus/index.ts';\nexport const host = 1;",
  'node/src/network/index.ts':
    "import 'libp2p';\nimport type { Port } from '../ports/index.ts';\nexport type N = Port;",
  'node/src/storage/index.ts': "import type { Port } from '../ports/index.ts';\nexport type S = Port;",
  'node/src/gateway/index.ts': 'export const gateway = 1;',
  'node/src/client.ts': "export type { Port as never } from './protocol/index.ts';",
  'node/src/testing/index.ts': "export { host } from '../host/index.ts';",
  'node/src/testing/bin/liar.ts': "import '../index.ts';\nimport '../../bin/index.ts';",
  'node/src/bin/index.ts': "import '../host/index.ts';\nimport '../network/index.ts';",
  'agent-runtime/src/analysis/index.ts': 'export const rank = 1;',
  'agent-runtime/src/ledger.ts': "import '@dao-gov/node/client';\nexport const ledger = 1;",
  'agent-runtime/src/bin/agent-node.ts': "import '@dao-gov/node/bin';\nimport '../ledger.ts';",
  'explorer/src/lib/api.ts': "import '@dao-gov/node/client';\nimport '@dao-gov/node/audit';",
  'explorer/src/features/blocks/page.tsx': "import '../../lib/api.ts';\nexport const Page = () => <b>1</b>;",
  'explorer/src/features/verify/page.tsx': 'export const Page = () => <b>2</b>;',
  'explorer/src/app/main.tsx': "import '../features/blocks/page.tsx';",
  'scripts/verify.ts': "import '@dao-gov/node/audit';",
};

/** Each row plants one import: [rule that must catch it, importing file, source text]. */
const PLANTED: readonly (readonly [rule: string, file: string, source: string])[] = [
  ['protocol-is-a-leaf', 'node/src/protocol/bad.ts', "import type { Port } from '../ports/index.ts';"],
  ['protocol-no-platform', 'node/src/protocol/bad.ts', "import { readFileSync } from 'node:fs';"],
  ['protocol-pure-packages', 'node/src/protocol/bad.ts', "import 'libp2p';"],
  ['consensus-arrows', 'node/src/consensus/bad.ts', "export * from '../network/index.ts';"],
  ['consensus-no-platform', 'node/src/consensus/bad.ts', "const c = await import('node:crypto');"],
  ['vm-arrows', 'node/src/vm/bad.ts', "import '../consensus/index.ts';"],
  ['ports-arrows', 'node/src/ports/bad.ts', "export type * from '../host/index.ts';"],
  ['host-arrows', 'node/src/host/bad.ts', "import { N } from '../network/index.ts';"],
  ['network-arrows', 'node/src/network/bad.ts', "import '../storage/index.ts';"],
  ['storage-arrows', 'node/src/storage/bad.ts', "import '../host/index.ts';"],
  ['gateway-arrows', 'node/src/gateway/bad.ts', "import '../host/index.ts';"],
  ['client-no-platform', 'node/src/client/bad.ts', "import 'node:http';"],
  ['testing-arrows', 'node/src/testing/bad.ts', "import '../network/index.ts';"],
  ['test-builds-arrows', 'node/src/testing/bin/bad.ts', "import '../../network/index.ts';"],
  ['fakes-stay-in-tests', 'node/src/bin/bad.ts', "import '../testing/index.ts';"],
  ['fakes-stay-in-tests', 'node/src/bin/bad.ts', "import '../testing/bin/liar.ts';"],
  ['only-bin-wires', 'agent-runtime/src/bad.ts', "import '@dao-gov/node/bin';"],
  ['agent-runtime-arrows', 'agent-runtime/src/bad.ts', "import '../../node/src/host/index.ts';"],
  ['workspaces-meet-at-the-node', 'agent-runtime/src/bad.test.ts', "import '../../explorer/src/lib/api.ts';"],
  ['analysis-is-pure', 'agent-runtime/src/analysis/bad.ts', "import '../ledger.ts';"],
  ['explorer-arrows', 'explorer/src/lib/bad.ts', "import '../../../node/src/storage/index.ts';"],
  ['workspaces-meet-at-the-node', 'explorer/src/lib/bad.ts', "import '../../../agent-runtime/src/ledger.ts';"],
  ['browser-has-no-node', 'explorer/src/lib/bad.ts', "import { join } from 'node:path';"],
  ['features-are-separate', 'explorer/src/features/blocks/bad.tsx', "import '../verify/page.tsx';"],
  ['shared-ui-is-below', 'explorer/src/lib/bad.ts', "import '../features/blocks/page.tsx';"],
  ['scripts-arrows', 'scripts/bad.ts', "import '../node/src/host/index.ts';"],
  ['tests-are-ends', 'node/src/host/bad.ts', "import '../protocol/index.test.ts';"],
  ['no-cycles', 'node/src/vm/bad.ts', "import './bad-too.ts';"],
  ['resolvable', 'node/src/vm/bad.ts', "import './nowhere.ts';"],
];

let root = '';

function write(file: string, source: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), source);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'arrows-'));
  for (const [file, source] of Object.entries(CLEAN)) write(file, source);
  cpSync(join(import.meta.dirname, '../../node/package.json'), join(root, 'node/package.json'));
  mkdirSync(join(root, 'node_modules/@dao-gov'), { recursive: true });
  symlinkSync('../../node', join(root, 'node_modules/@dao-gov/node'));
  for (const name of ['zod', 'libp2p']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a house that keeps the arrows passes, and every file of it is read', async () => {
  const report = await checkArrows(root);
  expect(report.violations).toEqual([]);
  expect(report.unread).toEqual([]);
  expect(report.moduleCount).toBe(Object.keys(CLEAN).length);
  expect(report.dependencyCount).toBeGreaterThan(Object.keys(CLEAN).length);
});

test.each(PLANTED)('%s catches a planted import in %s', async (rule, file, source) => {
  const partner = join(dirname(file), 'bad-too.ts');
  write(file, source);
  if (rule === 'no-cycles') write(partner, "import './bad.ts';");
  try {
    const { violations } = await checkArrows(root);
    expect(violations.map((line) => line.split(':')[0])).toContain(rule);
    expect(violations.every((line) => line.includes(dirname(file)))).toBe(true);
  } finally {
    rmSync(join(root, file));
    rmSync(join(root, partner), { force: true });
  }
});
