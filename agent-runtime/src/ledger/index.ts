/** The chain behind a port, because an agent runs in its node's process or anywhere else: two implementations. */
export { type LocalNode, localLedger } from './local.ts';
export {
  type ChainTip,
  type FinalReceipt,
  type Ledger,
  LedgerError,
} from './port.ts';
export { type LedgerClient, remoteLedger } from './remote.ts';
