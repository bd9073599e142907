/** Chinese catalogue: the type makes sure that it has every key of the English one. */
import type { Messages } from '../en-US/index.ts';
import { chain } from './chain.ts';
import { codes } from './codes.ts';
import { events } from './events.ts';
import { operations } from './operations.ts';
import { shell } from './shell.ts';
import { verify } from './verify.ts';

export const zhCN: Messages = { ...shell, ...operations, ...chain, ...verify, ...codes, ...events };
