/**
 * Makes sure that the lab and its tests have Prometheus and Alertmanager: uses what the machine has, and on a Debian
 * where it may (as root) installs what is missing. Anywhere else it says what to install. The lab runs the programs
 * itself, on free ports; the services that Debian's packages bring along are not used and may be disabled.
 */
import { spawnSync } from 'node:child_process';
import { ALERTMANAGER_NAMES, findProgram, PROMETHEUS_NAMES } from './lab/prometheus.ts';

const PROGRAMS = [
  { debian: 'prometheus', names: PROMETHEUS_NAMES },
  { debian: 'prometheus-alertmanager', names: ALERTMANAGER_NAMES },
] as const;

function run(command: string, args: readonly string[]): void {
  console.log(`> ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error || status !== 0)
    throw new Error(`${command} ${args[0] ?? ''} failed (${error?.message ?? `exit ${status}`})`);
}

const canInstall = (): boolean =>
  process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;

function main(): void {
  const missing = PROGRAMS.filter(({ names }) => findProgram(names) === undefined).map(({ debian }) => debian);
  if (missing.length > 0 && canInstall()) {
    run('apt-get', ['update']);
    run('apt-get', ['install', '-y', '--no-install-recommends', ...missing]);
  }
  for (const { debian, names } of PROGRAMS) {
    const found = findProgram(names);
    if (!found)
      throw new Error(`no ${names[0]} found. Install it (Debian: \`apt-get install ${debian}\` as root) into PATH`);
    console.log(`${names[0]}: ${found}`);
  }
}

try {
  main();
} catch (error) {
  console.error(`install-prometheus: ${error instanceof Error ? error.message : String(error)}`);
  // The tests that need them are skipped then, and say so.
  process.exitCode = process.argv.includes('--or-skip') ? 0 : 1;
}
