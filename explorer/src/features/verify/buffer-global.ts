/** The SSZ library wants Node's `Buffer`, which browsers lack. Imported first by the worker, and by nothing else. */
import { Buffer } from 'buffer/';

Object.assign(globalThis, { Buffer });
