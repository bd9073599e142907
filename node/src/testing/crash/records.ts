/**
 * What a cluster that is about to be killed tells its survivors: lines in a file, written before the thing they tell of
 * happens. A killed process loses nothing that it handed to its operating system, so no line is missing.
 */
import { readFileSync, writeSync } from 'node:fs';
import type { Hash, Hex } from '../../protocol/types.ts';

export type CrashRecord =
  /** A process began its life and is to be killed at a point. */
  | { readonly type: 'life'; readonly point: string }
  /** All nodes are up; height of each one's chain on disk. */
  | { readonly type: 'up'; readonly chain: string; readonly heights: readonly number[] }
  /** A consensus message is about to leave a node. */
  | { readonly type: 'sent'; readonly chain: string; readonly node: number; readonly message: Hex }
  /** A node told its listeners that a block is final. */
  | { readonly type: 'final'; readonly chain: string; readonly node: number; readonly height: number; hash: Hash }
  /** A client sends a transfer with this nonce. */
  | { readonly type: 'transfer'; readonly chain: string; readonly nonce: number }
  /** The chain has gone on since the start, and every transfer ran exactly once on every node. */
  | { readonly type: 'recovered'; readonly chain: string; readonly height: number; readonly transfers: number }
  | { readonly type: 'killed'; readonly point: string };

export const writeRecord = (file: number, record: CrashRecord): void =>
  void writeSync(file, `${JSON.stringify(record)}\n`);

export function readRecords(path: string): readonly CrashRecord[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CrashRecord);
}
