/**
 * The little that the chain store needs of a database: ordered keys and atomic batches. LevelDB and memory implement
 * it, so that everything above is one code path which the tests of either prove.
 */
export type KeyValueOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** Keys from `from` (included) to `to` (excluded), in byte order or backwards. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
  readonly reverse?: boolean;
}

export interface KeyValue {
  /** Where it lies, for people who must repair it. */
  readonly location: string;
  get(key: string): Promise<Uint8Array | undefined>;
  has(key: string): Promise<boolean>;
  /** All operations or none; with `sync` they are on disk when it resolves. */
  batch(operations: readonly KeyValueOperation[], options: { readonly sync: boolean }): Promise<void>;
  /** Sees the content as it was at the call, whatever is written meanwhile. */
  iterate(range: KeyRange): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  close(): Promise<void>;
}
