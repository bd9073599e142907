import { describe, expect, test } from 'vitest';
import { tidyFindings } from './tidy-rules.ts';

const slashes = (...parts: readonly string[]): string => ['', ...parts].join('/');
const host = ['registry', 'example', 'org'].join('.');
const marker = 'TO'.concat('DO');

/** [path, text, part of the message that must name the replacement] */
const UNTIDY: readonly (readonly [path: string, text: string, replacement: string])[] = [
  ['node/src/vm/gas.ts', 'const a = Date.now();', 'take the time as an argument'],
  ['node/src/ports/a.ts', 'const a = new Date( );', 'take the time as an argument'],
  ['agent-runtime/src/analysis/a.ts', 'const a = Math.random();', 'take a seed'],
  ['node/src/protocol/a.ts', 'setTimeout(() => {}, 1);', 'return an effect'],
  ['node/src/consensus/a.ts', 'export async function step() {}', 'return an effect'],
  ['config/genesis.json', `{"path": "${slashes('work', 'main')}"}`, 'import.meta.dirname'],
  ['README.md', `see ${slashes('home', 'someone', 'x')}`, 'import.meta.dirname'],
  ['package-lock.json', `"resolved": "https://${host}/zod"`, 'npm configuration'],
  ['node/src/host/a.ts', `// ${marker}: later`, 'finish it'],
  ['node/src/host/a.ts', 'x;\n'.repeat(401), 'split it by job'],
  ['node/src/host/index.ts', "export * from './a.ts';", 'say what it does'],
  ['node/ARCHITECTURE.md', 'a \u2014 b\n'.repeat(4), 'a full stop'],
];

const TIDY: readonly (readonly [path: string, text: string])[] = [
  ['node/src/host/a.ts', 'const a = Date.now() + Math.random(); await 1;'],
  ['node/src/vm/gas.test.ts', 'const a = Date.now();'],
  ['node/src/vm/gas.ts', '/** Never reads\n * Date.now(), nor awaits. */\nconst a = new Date(0); // no await'],
  ['node/src/protocol/a.ts', 'export const verify = async () => {};'],
  ['node/src/host/a.ts', 'x;\n'.repeat(400)],
  ['node/src/host/index.ts', '/** The loop. */\nexport {};'],
  ['explorer/src/lib/api.ts', "fetch('/api/tx'); const url = 'http://node.example/home/page';"],
  ['docker-compose.yml', `volumes: [data:${slashes('home', 'node', 'data')}]`],
  ['README.zh.md', '代码即法律——代币即信任。'.repeat(9)],
];

describe('untidy', () => {
  test.each(UNTIDY)('%s: %s', (path, text, replacement) => {
    const findings = tidyFindings({ path, text });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toContain(replacement);
  });
});

describe('tidy', () => {
  test.each(TIDY)('%s: %s', (path, text) => {
    expect(tidyFindings({ path, text })).toEqual([]);
  });
});

test('a finding names its line, comments before it counted', () => {
  const findings = tidyFindings({ path: 'node/src/vm/a.ts', text: '/* a\n b */\nconst t = Date.now();\n' });
  expect(findings.map(({ line }) => line)).toEqual([3]);
});
