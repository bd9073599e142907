/** A capture folder in memory that remembers what was opened. */
import type { CaptureFiles } from '../capture-files.ts';

export type MemoryFiles = CaptureFiles & { readonly opened: readonly string[] };

/** @param chunkBytes small chunks show whether lines and characters survive being cut anywhere */
export function memoryFiles(contents: Readonly<Record<string, string | Uint8Array>>, chunkBytes = 1024): MemoryFiles {
  const opened: string[] = [];
  return {
    opened,
    open: async (name) => {
      opened.push(name);
      const content = contents[name];
      if (content === undefined) return null;
      return chunks(typeof content === 'string' ? new TextEncoder().encode(content) : content, chunkBytes);
    },
  };
}

async function* chunks(bytes: Uint8Array, chunkBytes: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
}
