/** What the page and its worker say to each other. */
import type { AuditReport } from '@dao-gov/node/audit';

export interface VerifyRequest {
  readonly bundle: ArrayBuffer;
  readonly genesis: ArrayBuffer;
}

export type VerifyReply =
  | { readonly kind: 'verified'; readonly report: AuditReport }
  /** The verifier itself stopped, which says nothing about the bundle. */
  | { readonly kind: 'broken'; readonly detail: string };
