import { useEffect, useRef, useState } from 'react';
import type { VerifyReply, VerifyRequest } from './messages.ts';

export type Verification = VerifyReply | { readonly kind: 'idle' } | { readonly kind: 'running' };

const startWorker = (): Worker => new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' });

/** One worker a run: a run that is no longer wanted is ended, not waited for. */
export function useVerifier() {
  const [verification, setVerification] = useState<Verification>({ kind: 'idle' });
  const worker = useRef<Worker | null>(null);
  const stop = (): void => {
    worker.current?.terminate();
    worker.current = null;
  };
  useEffect(() => () => worker.current?.terminate(), []);
  const run = (request: VerifyRequest): void => {
    stop();
    setVerification({ kind: 'running' });
    const started = startWorker();
    worker.current = started;
    started.onmessage = ({ data }: MessageEvent<VerifyReply>) => {
      setVerification(data);
      stop();
    };
    started.onerror = ({ message }) => {
      setVerification({ kind: 'broken', detail: message });
      stop();
    };
    started.postMessage(request);
  };
  const reset = (): void => {
    stop();
    setVerification({ kind: 'idle' });
  };
  return { verification, run, reset };
}
