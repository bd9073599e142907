/**
 * Where Prometheus is not installed: the lab itself watches its objectives, keeps what it scraped, and at an alert lays
 * down the last minute as a capture that the agents read, before it tells a gateway in the form of Alertmanager.
 */
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { writeCapture } from './observe/capture-writer.ts';
import { Observation } from './observe/observation.ts';
import { ALERT_WINDOW, type SloAlert, webhookOf } from './slo.ts';
import { EDGES } from './system.ts';

const CHECK_EVERY_MS = 250;
const { beforeMs: BEFORE_MS, afterMs: AFTER_MS } = ALERT_WINDOW;
const POST_MS_MAX = 10_000;

export type Watch = {
  readonly arm: () => void;
  /** Raises an alert that no objective raised. */
  readonly raise: (alert: SloAlert) => void;
  readonly stop: () => Promise<void>;
};

export function watchWithoutPrometheus(lab: Lab, captures: string, gateway: string): Watch {
  let armed = false;
  const observation = new Observation(lab, BEFORE_MS + AFTER_MS);
  const raise = (alert: SloAlert): void => {
    setTimeout(() => void tell(observation, alert, captures, gateway), AFTER_MS);
  };
  const timer = setInterval(() => {
    const alert = armed ? lab.slo.check(Date.now()) : undefined;
    if (alert === undefined) return;
    armed = false;
    raise(alert);
  }, CHECK_EVERY_MS);
  return {
    raise,
    arm: () => {
      lab.slo.reset();
      armed = true;
    },
    stop: async () => {
      clearInterval(timer);
      observation.stop();
    },
  };
}

async function tell(observation: Observation, alert: SloAlert, captures: string, gateway: string) {
  const id = `lab-${alert.atMs}`;
  const [fromMs, toMs] = [alert.atMs - BEFORE_MS, Date.now()];
  const head = { id, alert, fromMs, toMs, edges: EDGES };
  writeCapture(join(captures, id), head, observation.cut(fromMs, toMs));
  await fetch(`${gateway}/api/alerts/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(webhookOf(alert, id)),
    signal: AbortSignal.timeout(POST_MS_MAX),
  });
}
