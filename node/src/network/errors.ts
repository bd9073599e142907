/** Faults of setting the network up, and the two that end a stream. Faults in use are the port's `NetworkError`. */
export type NetworkSetupCode = 'ADDRESS_INVALID' | 'KEY_INVALID' | 'LISTEN_FAILED';

export class NetworkSetupError extends Error {
  override readonly name = 'NetworkSetupError';
  readonly code: NetworkSetupCode;

  constructor(code: NetworkSetupCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A peer announced a frame beyond the limit. Nothing of it is read. */
export class FrameTooLargeError extends Error {
  override readonly name = 'FrameTooLargeError';

  constructor(bytes: number, limit: number) {
    super(`a frame of ${bytes} bytes is above the limit of ${limit}`);
  }
}

/** The stream ended before what was awaited had arrived. */
export class StreamEndedError extends Error {
  override readonly name = 'StreamEndedError';
}
