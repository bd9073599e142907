/** Why a process ends, as one line for a person and a code for whoever started it. */
import { StoreError, type StoreErrorCode } from '../ports/index.ts';
import { GenesisError } from '../vm/index.ts';
import { ConfigError } from './config.ts';

/** Exit codes of a node. 1 is a fault of the program itself; the others are for whoever runs it. */
export const EXIT = {
  fault: 1,
  /** The configuration or the genesis file is wrong. */
  configuration: 2,
  /** The data directory cannot be used as it is: damaged, of another chain, of another version. */
  data: 3,
  /** The disk refuses: full, read-only. Starting again helps once that is mended. */
  disk: 4,
  /** Another process uses the data directory. */
  locked: 5,
} as const;

const OF_STORE: Readonly<Record<StoreErrorCode, number>> = {
  CORRUPT: EXIT.data,
  WRONG_GENESIS: EXIT.data,
  WRONG_FORMAT: EXIT.data,
  LOG_LOST: EXIT.data,
  DISK_FULL: EXIT.disk,
  READ_ONLY: EXIT.disk,
  WRITE_FAILED: EXIT.disk,
  LOCKED: EXIT.locked,
  OUT_OF_ORDER: EXIT.fault,
  CLOSED: EXIT.fault,
};

export interface Ending {
  /** One line, unless the program itself is at fault: then with its stack. */
  readonly text: string;
  readonly code: number;
}

const oneLine = ({ message }: Error): string => message.replace(/\s*\n\s*/g, ' ');

export function endingOf(error: unknown): Ending {
  if (error instanceof StoreError && OF_STORE[error.code] !== EXIT.fault) {
    return { text: oneLine(error), code: OF_STORE[error.code] };
  }
  if (error instanceof ConfigError || error instanceof GenesisError) {
    return { text: oneLine(error), code: EXIT.configuration };
  }
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT.fault };
}
