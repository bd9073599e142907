import { describe, expect, test } from 'vitest';
import { StoreError, type StoreErrorCode } from '../ports/index.ts';
import { GenesisError } from '../vm/index.ts';
import { ConfigError } from './config.ts';
import { EXIT, endingOf } from './exit.ts';

describe('how a process ends', () => {
  const stores: readonly (readonly [StoreErrorCode, number])[] = [
    ['CORRUPT', EXIT.data],
    ['LOG_LOST', EXIT.data],
    ['WRONG_GENESIS', EXIT.data],
    ['WRONG_FORMAT', EXIT.data],
    ['DISK_FULL', EXIT.disk],
    ['READ_ONLY', EXIT.disk],
    ['WRITE_FAILED', EXIT.disk],
    ['LOCKED', EXIT.locked],
  ];
  test.each(stores)('%s: one line, code %i', (code, exit) => {
    expect(endingOf(new StoreError(code, 'first\n  second'))).toEqual({ text: `${code}: first second`, code: exit });
  });

  test.each([new ConfigError('no such file'), new GenesisError('OWNER_UNKNOWN', 'validators.0', 'is nobody')])(
    'a wrong file: one line, its own code',
    (error) => expect(endingOf(error)).toEqual({ text: error.message, code: EXIT.configuration }),
  );

  test.each([new TypeError('a bug'), new StoreError('OUT_OF_ORDER', 'a bug')])(
    'a fault of the program: its stack',
    (error) => {
      expect(endingOf(error)).toEqual({ text: error.stack, code: EXIT.fault });
    },
  );

  test('no code is that of success, and none says two things', () => {
    expect(new Set([0, ...Object.values(EXIT)]).size).toBe(Object.keys(EXIT).length + 1);
  });
});
