/** Chinese catalogue: the type makes sure that it has every key of the English one. */
import type { Messages } from '../en-US/index.ts';
import { chain } from './chain.ts';
import { codes } from './codes.ts';
import { disputes } from './disputes.ts';
import { events } from './events.ts';
import { governance } from './governance.ts';
import { operations } from './operations.ts';
import { parameters } from './parameters.ts';
import { sentences } from './sentences.ts';
import { shell } from './shell.ts';
import { verify } from './verify.ts';

export const zhCN: Messages = {
  ...shell,
  ...operations,
  ...chain,
  ...verify,
  ...codes,
  ...events,
  ...sentences,
  ...governance,
  ...parameters,
  ...disputes,
};
