/** What passes between the lab and the process of one service. */
import type { Fault } from '../faults.ts';

export type ServiceSettings = {
  readonly name: string;
  readonly port: number;
  readonly seed: number;
  /** Base URLs of all services by name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Base URL that takes OTLP/HTTP. */
  readonly collector: string;
};

export type ToService = { readonly type: 'faults'; readonly faults: readonly Fault[] };
export type FromService = { readonly type: 'listening' };
