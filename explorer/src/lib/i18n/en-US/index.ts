/** English catalogue. Its keys are the catalogue's keys: every other language must have exactly these. */
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

export const enUS = {
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

export type MessageKey = keyof typeof enUS;
export type Messages = Readonly<Record<MessageKey, string>>;
