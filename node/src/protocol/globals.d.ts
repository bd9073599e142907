/**
 * The two platform globals that the protocol may use: every host has them, browser and Node alike, and they are pure.
 * Everything else of the platform (clocks, timers, fetch, process) stays unknown here, so that using it does not compile.
 */
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}
