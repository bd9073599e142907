/** Fetches a file of the node and hands it to the reader, or says why there is none. */
import { AnswerError, ApiError } from '@dao-gov/node/client';
import { problemSchema } from '@dao-gov/node/protocol';

const NOT_FOUND = 404;

/** The node knows no such export. */
export class ExportMissing extends Error {
  override readonly name = 'ExportMissing';
}

type Ask = (url: string) => Promise<Response>;

/** @throws ExportMissing, ApiError with the node's refusal, AnswerError when nothing answers or the answer breaks off */
export async function fetchFile(url: string, ask: Ask = (path) => fetch(path)): Promise<Blob> {
  const response = await ask(url).catch((cause: unknown) => {
    throw new AnswerError('UNREACHABLE', `${url}: no answer`, { cause });
  });
  if (response.status === NOT_FOUND) throw new ExportMissing(url);
  if (!response.ok) {
    const parsed = problemSchema.safeParse(await response.json().catch(() => null));
    if (parsed.success) throw new ApiError(parsed.data);
    throw new AnswerError('UNREADABLE', `${url}: the answer ${response.status} says nothing more`);
  }
  return response.blob().catch((cause: unknown) => {
    throw new AnswerError('UNREACHABLE', `${url}: the answer broke off`, { cause });
  });
}

/** @throws as `fetchFile` */
export async function saveFile(url: string, name: string): Promise<void> {
  const address = URL.createObjectURL(await fetchFile(url));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by the next turn.
  setTimeout(() => URL.revokeObjectURL(address));
}
