/** Applies gate/tidy-rules.ts to every file of the repository that git would not ignore. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { tidyFindings } from './gate/tidy-rules.ts';

const ROOT = join(import.meta.dirname, '..');
const TEXT = /(^|\/)(\.[a-z]+|run|LICENSE|Dockerfile)$|\.(ts|tsx|mjs|js|json|md|ya?ml|html|css|txt|toml|sh)$/;

const ignored = [
  '.git',
  ...readFileSync(join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim().replace(/\/$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#')),
];

function* files(directory: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, directory), { withFileTypes: true })) {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
    if (ignored.some((pattern) => matchesGlob(path, pattern) || matchesGlob(path, `**/${pattern}`))) continue;
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile() && TEXT.test(path)) yield path;
  }
}

const paths = [...files('')];
const findings = paths.flatMap((path) => tidyFindings({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
for (const { path, line, message } of findings) console.error(`${path}:${line}: ${message}`);
console.log(`tidy: ${paths.length} files, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
