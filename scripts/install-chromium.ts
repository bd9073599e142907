/**
 * Makes sure that the browser tests have a Chromium and a font for Chinese: uses what the machine has, and on a Debian
 * where it may (as root) installs what is missing. Anywhere else it says what to install.
 */
import { spawnSync } from 'node:child_process';
import { findChromium } from './browser/chromium.ts';

const CHROMIUM_PACKAGE = 'chromium';
/** fontconfig brings fc-list, which tells the next run that the font is there. */
const FONT_PACKAGES = ['fontconfig', 'fonts-noto-cjk'] as const;

function run(command: string, args: readonly string[]): void {
  console.log(`> ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error || status !== 0)
    throw new Error(`${command} ${args[0] ?? ''} failed (${error?.message ?? `exit ${status}`})`);
}

function hasChineseFont(): boolean {
  if (process.platform !== 'linux') return true;
  const { status, stdout } = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '';
}

const canInstall = (): boolean =>
  process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;

function main(): void {
  const fontMissing = !hasChineseFont();
  const missing = [...(findChromium() ? [] : [CHROMIUM_PACKAGE]), ...(fontMissing ? FONT_PACKAGES : [])];
  if (missing.length > 0 && canInstall()) {
    run('apt-get', ['update']);
    run('apt-get', ['install', '-y', '--no-install-recommends', ...missing]);
  } else if (fontMissing) {
    console.warn(`no Chinese font found: install one (Debian: fonts-noto-cjk), or Chinese pages show empty boxes`);
  }
  const browser = findChromium();
  if (!browser) {
    throw new Error(
      'no Chromium found. Install Chromium or Chrome (Debian: `apt-get install chromium` as root; macOS: Google Chrome), ' +
        'or set CHROMIUM_PATH to its executable.',
    );
  }
  console.log(`chromium: ${browser}`);
}

try {
  main();
} catch (error) {
  console.error(`install-chromium: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
