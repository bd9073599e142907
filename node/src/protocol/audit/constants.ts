/** Limits of an audit bundle: what a verifier, often a browser, agrees to look at. Each with its unit and reason. */
import { EVIDENCE_BLOB_BYTES_MAX, EVIDENCE_PER_TRANSACTION_MAX } from '../constants.ts';
import { FINALITY_DESCENDANTS_MAX } from '../wire.ts';

/** Bytes of one bundle file. An incident with 200 transactions and full transcripts stays below a fifth of it. */
export const BUNDLE_BYTES_MAX = 128 * 1_024 * 1_024;
/** Transactions of one incident: seven agents, a few rounds, two for each vote; the rest is room. */
export const BUNDLE_STEPS_MAX = 4_096;
/** Headers: one a height that the bundle refers to. */
export const BUNDLE_HEADERS_MAX = 8_192;
/** Records proven under the state root: an incident, its rounds, their votes and the parties' accounts. */
export const BUNDLE_STATE_PROOFS_MAX = 8_192;
/** Evidence blobs. */
export const BUNDLE_BLOBS_MAX = BUNDLE_STEPS_MAX * EVIDENCE_PER_TRANSACTION_MAX;
/** Characters of one blob in base64. */
export const BLOB_TEXT_MAX = Math.ceil(EVIDENCE_BLOB_BYTES_MAX / 3) * 4;
/** Headers between a block and the finalized descendant, as the wire allows. */
export const DESCENDANTS_MAX = FINALITY_DESCENDANTS_MAX;
/** Validator sets: one a change from genesis to the newest block. */
export const BUNDLE_EPOCHS_MAX = 256;
/** Siblings of a state proof: the key's hash has no more bits. */
export const STATE_PROOF_DEPTH_MAX = 256;
/** Siblings of a list proof: enough for any list of the protocol. */
export const LIST_PROOF_DEPTH_MAX = 32;
/** Characters of one record or one sentence in a bundle; a proposal with a full electorate needs about 20,000. */
export const BUNDLE_TEXT_MAX = 1_048_576;
