/** A worker of `npm run bench -- --wide-area`: one cluster at a time, answered with its sample. */
import { parentPort } from 'node:worker_threads';
import { measureWideArea, type WideAreaOptions } from '@dao-gov/node/testing';

parentPort?.on('message', (options: WideAreaOptions) => {
  void measureWideArea(options).then((sample) => parentPort?.postMessage(sample));
});
