/** A lab that another process keeps up: where it is, and what it answers. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LabStatus } from './control.ts';

export const LAB_FILE = 'lab.json';
const UP_MS_MAX = 180_000;
const DOWN_MS_MAX = 15_000;
const POLL_MS = 100;
const REQUEST_MS_MAX = 5_000;

const labFileSchema = z.strictObject({
  pid: z.int(),
  control: z.url(),
  prometheus: z.url().nullable(),
  alertmanager: z.url().nullable(),
  /** Configuration that points agents at this lab; null without Prometheus. */
  telemetry: z.string().nullable(),
});
export type LabFile = z.infer<typeof labFileSchema>;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Undefined when no lab answers there. */
export async function findLab(dir: string): Promise<LabFile | undefined> {
  const file = join(dir, LAB_FILE);
  if (!existsSync(file)) return undefined;
  const { data } = labFileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (data === undefined) return undefined;
  return ask(data, 'GET', '/status').then(
    () => data,
    () => undefined,
  );
}

/** @throws Error when none runs */
export async function theLab(dir: string): Promise<LabFile> {
  const found = await findLab(dir);
  if (found === undefined) throw new Error(`no lab is up in ${dir}: npm run lab -- up`);
  return found;
}

/** @throws Error with what the lab says */
export async function ask(lab: LabFile, method: string, path: string, body?: object): Promise<LabStatus> {
  const answer = await fetch(`${lab.control}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(REQUEST_MS_MAX),
    ...(body && { body: JSON.stringify(body) }),
  });
  const told = (await answer.json()) as LabStatus & { readonly error?: string };
  if (!answer.ok) throw new Error(told.error ?? `status ${answer.status}`);
  return told;
}

/** Starts a lab that outlives this process. @throws Error when it does not come up */
export async function startDetached(dir: string, settings: object): Promise<LabFile> {
  mkdirSync(dir, { recursive: true });
  rmSync(join(dir, LAB_FILE), { force: true });
  const log = openSync(join(dir, 'lab.log'), 'a');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'daemon.ts'), JSON.stringify(settings)], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  closeSync(log);
  child.unref();
  const end = Date.now() + UP_MS_MAX;
  while (Date.now() < end && child.exitCode === null) {
    const found = await findLab(dir);
    if (found) return found;
    await pause(POLL_MS);
  }
  throw new Error(`the lab does not come up, see ${join(dir, 'lab.log')}`);
}

/** Ends a lab and waits until it is gone. */
export async function stopDetached(dir: string): Promise<void> {
  const lab = await theLab(dir);
  await ask(lab, 'POST', '/stop');
  const end = Date.now() + DOWN_MS_MAX;
  while (isAlive(lab.pid)) {
    if (Date.now() > end) throw new Error(`process ${lab.pid} of the lab does not end`);
    await pause(POLL_MS);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
