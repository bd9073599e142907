/** Captures on disk as a telemetry source: one capture folder, or a folder of capture folders. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TelemetryWindow } from '../analysis/types.ts';
import { folderFiles } from './capture-files.ts';
import { CAPTURES_MAX } from './constants.ts';
import { CaptureError } from './errors.ts';
import { CAPTURE_FILE, readCapture, readDescription } from './read-capture.ts';
import type { CaptureSummary, TelemetrySource } from './telemetry-source.ts';

type Found = { readonly folder: string; readonly summary: CaptureSummary; readonly recorded: TelemetryWindow };

/** The folder is looked through at every call, so that captures may be added while an agent runs. */
export function captureSource(folder: string): TelemetrySource {
  return {
    list: async () => [...(await find(folder)).values()].map(({ summary }) => summary),
    capture: async (id, _alert, window) => {
      // The id only ever selects among what was found; no path is made from it.
      const found = (await find(folder)).get(id);
      if (found === undefined) throw new CaptureError({ code: 'capture-unknown', id });
      const { recorded } = found;
      if (window !== undefined && (window.fromMs < recorded.fromMs || window.toMs > recorded.toMs)) {
        throw new CaptureError({ code: 'window-not-covered', id, toMs: recorded.toMs });
      }
      return readCapture(found.folder);
    },
  };
}

async function find(folder: string): Promise<ReadonlyMap<string, Found>> {
  const folders = (await holdsCapture(folder)) ? [folder] : await captureFolders(folder);
  const found = new Map<string, Found>();
  for (const candidate of folders) {
    const { id, title, alert, window } = await readDescription(folderFiles(candidate));
    const twin = found.get(id);
    if (twin !== undefined) {
      throw new CaptureError({ code: 'capture-duplicate', id, folders: [basename(twin.folder), basename(candidate)] });
    }
    found.set(id, {
      folder: candidate,
      summary: { id, title, alert: { node: alert.node, metric: alert.metric, atMs: alert.at } },
      recorded: { fromMs: window.from, toMs: window.to },
    });
  }
  return new Map([...found].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

async function captureFolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const candidates = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  const folders: string[] = [];
  for (const candidate of candidates) if (await holdsCapture(candidate)) folders.push(candidate);
  if (folders.length > CAPTURES_MAX) throw new CaptureError({ code: 'captures-too-many', max: CAPTURES_MAX });
  return folders;
}

async function holdsCapture(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return names.includes(CAPTURE_FILE) || names.includes(`${CAPTURE_FILE}.gz`);
}
