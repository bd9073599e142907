/**
 * The only way from this reasoner to the network: to the configured address and nowhere else. A redirect could carry
 * key and telemetry to another host, and an endless answer could fill the memory of a process that also validates.
 */

/** Bytes of one answer after decompression: many times the longest that a model gives within its budget. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** As an error that the SDK does not try again: the next answer would be no shorter. */
const TOO_LONG = 'the answer is too long';
const TOO_LONG_STATUS = 413;

type Fetch = typeof globalThis.fetch;

/** @param onRequest called before each request, repeated ones too */
export function boundedFetch(onRequest: () => void, bytesMax = ANSWER_BYTES_MAX): Fetch {
  return async (input, init) => {
    onRequest();
    // Not followed: whoever asked gets the 3xx itself, which is no completion.
    const response = await fetch(input, { ...init, redirect: 'manual' });
    const { status, statusText, headers } = response;
    const body = await bounded(response, bytesMax);
    if (body === undefined) return Response.json({ error: { message: TOO_LONG } }, { status: TOO_LONG_STATUS });
    // These three statuses are not allowed to carry a body, not even an empty one.
    return new Response([204, 205, 304].includes(status) ? null : body, { status, statusText, headers });
  };
}

/** Undefined when there is more of it. */
async function bounded({ body }: Response, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
