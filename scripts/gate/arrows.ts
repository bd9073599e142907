/**
 * Checks the import directions of the house (.dependency-cruiser.mjs) and that the check saw every source file:
 * a parser that reads nothing would otherwise pass for a clean house.
 */
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import readConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-options';

const HOUSE = join(import.meta.dirname, '../..');
const CONFIGURATION = join(HOUSE, '.dependency-cruiser.mjs');
const WORKSPACES = ['node', 'agent-runtime', 'explorer', 'scripts'] as const;

export interface ArrowsReport {
  /** One line a forbidden import: rule, importing file, imported file, what to do instead. */
  readonly violations: readonly string[];
  /** Source files of the house that the cruise did not read. Must be empty. */
  readonly unread: readonly string[];
  readonly moduleCount: number;
  readonly dependencyCount: number;
}

/** Cruises the workspaces below `root`. */
export async function checkArrows(root: string): Promise<ArrowsReport> {
  const sources = globSync(
    WORKSPACES.map((workspace) => `${workspace}/**/*.{ts,tsx}`),
    {
      cwd: root,
      exclude: (name) => name === 'node_modules' || name === 'dist' || name.endsWith('.d.ts'),
    },
  );
  if (sources.length === 0) return { violations: [], unread: [], moduleCount: 0, dependencyCount: 0 };

  const options = await readConfiguration(CONFIGURATION);
  const outcome = await cruise(sources, { ...options, baseDir: resolve(root) }, { bustTheCache: true });
  const { modules, summary } = outcome.output as ICruiseResult;
  const read = new Set(modules.map((module) => module.source));
  const advice = new Map(summary.ruleSetUsed?.forbidden?.map((rule) => [rule.name, rule.comment]));
  return {
    violations: summary.violations.map(({ rule, from, to, cycle }) => {
      const path = cycle ? [from, ...cycle.map(({ name }) => name)] : [from, to];
      return `${rule.name}: ${path.join(' -> ')}\n    ${advice.get(rule.name) ?? ''}`;
    }),
    unread: sources.filter((source) => !read.has(source)),
    moduleCount: sources.length,
    dependencyCount: modules.reduce((sum, module) => sum + module.dependencies.length, 0),
  };
}

if (import.meta.main) {
  const report = await checkArrows(HOUSE);
  for (const violation of report.violations) console.error(violation);
  for (const file of report.unread) console.error(`not read by dependency-cruiser: ${file}`);
  const blind = report.moduleCount > 0 && report.dependencyCount === 0;
  if (blind) console.error('dependency-cruiser found no import at all: its parser is not working');
  const failed = blind || report.violations.length > 0 || report.unread.length > 0;
  console.log(
    `arrows: ${report.moduleCount} modules, ${report.dependencyCount} imports, ${report.violations.length} forbidden`,
  );
  process.exitCode = failed ? 1 : 0;
}
