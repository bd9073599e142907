/** Checks a bundle off the main thread, with the very code that `npm run verify` runs. Nothing leaves the browser. */
import './buffer-global.ts';
import { verifyBundle } from '@dao-gov/node/audit';
import { nobleVerifier } from '@dao-gov/node/protocol';
import type { VerifyReply, VerifyRequest } from './messages.ts';

function verify({ bundle, genesis }: VerifyRequest): VerifyReply {
  const report = verifyBundle(new Uint8Array(bundle), new Uint8Array(genesis), nobleVerifier);
  return { kind: 'verified', report };
}

addEventListener('message', ({ data }: MessageEvent<VerifyRequest>) => {
  try {
    postMessage(verify(data));
  } catch (error) {
    postMessage({ kind: 'broken', detail: String(error) } satisfies VerifyReply);
  }
});
