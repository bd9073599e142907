/** One framed message on a stream, with an end in time: what a request and its answer consist of. */
import type { Stream } from '@libp2p/interface';
import { StreamEndedError } from './errors.ts';
import { encodeFrame, frameAssembler } from './frame.ts';

/** Sends one message and closes the writing side. @throws when the stream ends first or the signal aborts */
export async function sendLast(stream: Stream, message: Uint8Array, signal: AbortSignal): Promise<void> {
  stream.send(encodeFrame(message));
  await stream.close({ signal });
}

/**
 * The first message on a stream. Listens from the call on, so call it before anything that waits.
 * @throws FrameTooLargeError, StreamEndedError, or the signal's reason
 */
export function receiveOne(stream: Stream, bytesMax: number, signal: AbortSignal): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const assembler = frameAssembler(bytesMax);
  const onMessage = ({ data }: { readonly data: { subarray(): Uint8Array } }): void => {
    try {
      const [message] = assembler.push(data.subarray());
      if (message) resolve(message);
    } catch (error) {
      reject(error);
    }
  };
  const onEnd = (): void => reject(new StreamEndedError('the stream ended before a whole message'));
  const onAbort = (): void => reject(signal.reason);

  stream.addEventListener('message', onMessage);
  stream.addEventListener('end', onEnd);
  stream.addEventListener('close', onEnd);
  signal.addEventListener('abort', onAbort);
  if (stream.readableEnded) onEnd();
  if (signal.aborted) onAbort();
  return promise.finally(() => {
    stream.removeEventListener('message', onMessage);
    stream.removeEventListener('end', onEnd);
    stream.removeEventListener('close', onEnd);
    signal.removeEventListener('abort', onAbort);
  });
}

/** Resolves when both sides have closed the stream. @throws the signal's reason */
export function closed(stream: Stream, signal: AbortSignal): Promise<void> {
  if (stream.status !== 'open') return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = (): void => resolve();
  const onAbort = (): void => reject(signal.reason);
  stream.addEventListener('close', onClose);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return promise.finally(() => {
    stream.removeEventListener('close', onClose);
    signal.removeEventListener('abort', onAbort);
  });
}
