/**
 * Verifies an audit bundle offline, with nothing but the genesis file: who signed what, that a quorum made it final,
 * that nothing is missing, and that the verdict is what all this gives. Every check is a named step, in an order in
 * which each builds on those before it; the first that fails ends the run.
 */
import { canonicalText } from '../canonical.ts';
import type { Verifier } from '../crypto/verifier.ts';
import type { Genesis } from '../genesis.ts';
import type { AuditBundle, Verdict } from './bundle.ts';
import { pollsOf } from './case-records.ts';
import { checkChallenges } from './checks/challenge.ts';
import {
  checkFinality,
  checkHeaders,
  checkOrigin,
  checkValidators,
  type Headers,
  type ValidatorSets,
} from './checks/finality.ts';
import { checkEvidence, checkInclusion, checkSignatures } from './checks/inclusion.ts';
import { checkOutcome } from './checks/outcome.ts';
import { checkGenesis, parseBundle, parseGenesisFile } from './checks/parse.ts';
import { checkProcedure } from './checks/procedure.ts';
import { checkRelease } from './checks/release.ts';
import { checkSettlement } from './checks/settlement.ts';
import { checkState } from './checks/state.ts';
import { checkVerification } from './checks/verification.ts';
import { checkVotes } from './checks/votes.ts';
import type { CaseContent } from './content.ts';
import { check } from './errors.ts';
import { termsOf } from './terms.ts';
import { verdictOf } from './verdict.ts';

/** The steps in their order. */
export const AUDIT_STEPS = [
  'parse',
  'genesis',
  'headers',
  'validators',
  'finality',
  'origin',
  'signatures',
  'inclusion',
  'evidence',
  'state',
  'procedure',
  'votes',
  'outcome',
  'challenge',
  'verification',
  'settlement',
  'release',
  'verdict',
] as const;
export type AuditStep = (typeof AUDIT_STEPS)[number];

export interface AuditStepResult {
  readonly step: AuditStep;
  readonly ok: boolean;
  /** What was checked, or why it does not hold. */
  readonly detail: string;
  /** The figures in the detail of a step that holds, for those who say it in another language. */
  readonly figures?: Readonly<Record<string, string | number>>;
}

export interface AuditReport {
  readonly ok: boolean;
  /** The steps that ran: all of them, or those up to the one that failed. */
  readonly steps: readonly AuditStepResult[];
  readonly failedStep?: AuditStep;
  /** Only of a bundle that holds. */
  readonly verdict?: Verdict;
}

/** What the steps hand on to those after them. */
interface Audit {
  bundle: AuditBundle;
  genesis: Genesis;
  headers: Headers;
  sets: ValidatorSets;
  content: CaseContent;
}

type Figures = Readonly<Record<string, string | number>>;

/** What a step that holds has checked, with places for its figures. */
const DETAILS: Readonly<Record<AuditStep, string>> = {
  parse: 'canonical JSON, version {version}, incident {incidentId}',
  genesis: 'chain {chainId}, genesis {genesisHash}',
  headers: '{headers} headers, one for each block that is referred to',
  validators: '{sets} validator set(s), proven from the genesis file on',
  finality: 'every header is final by the signatures of a quorum',
  origin: 'block 1 stands on the block that the genesis file gives',
  signatures: '{transactions} transactions signed by their senders',
  inclusion: '{transactions} transactions and {receipts} receipts in their blocks',
  evidence: '{blobs} evidence blobs with their hashes, none missing',
  state: '{records} records in the state of block {height}',
  procedure: '{steps} steps performed in order',
  votes: '{votes} votes signed, sealed ones opened to what was committed',
  outcome: '{polls} claim(s) and challenge(s) decided as the votes give',
  challenge: '{challenges} challenge(s) made in time, with new evidence and an equal bond',
  verification: '{reports} report(s) of the outcome, each agent once',
  settlement: 'stakes, fines, escrow and payments agree',
  release: 'nothing was let go before its time, and everything else was paid to whom it is due',
  verdict: 'the verdict follows from what was verified',
};

const detailOf = (step: AuditStep, figures: Figures): string =>
  DETAILS[step].replace(/\{(\w+)\}/g, (_, name: string) => String(figures[name]));

/** Each returns the figures of what it checked. It may read only what the steps before it have put there. */
function stepChecks(
  bundleText: string | Uint8Array,
  genesisText: string | Uint8Array,
  verifier: Verifier,
): Readonly<Record<AuditStep, (audit: Audit) => Figures>> {
  return {
    parse: (audit) => {
      audit.bundle = parseBundle(bundleText);
      return { version: audit.bundle.version, incidentId: audit.bundle.incidentId };
    },
    genesis: (audit) => {
      audit.genesis = parseGenesisFile(genesisText);
      checkGenesis(audit.bundle, audit.genesis);
      return { chainId: audit.bundle.chainId, genesisHash: audit.bundle.genesisHash };
    },
    headers: (audit) => {
      audit.headers = checkHeaders(audit.bundle);
      return { headers: audit.headers.size };
    },
    validators: (audit) => {
      audit.sets = checkValidators(audit.bundle, audit.genesis, verifier);
      return { sets: audit.sets.size };
    },
    finality: ({ bundle, genesis, sets }) => {
      checkFinality(bundle, genesis, verifier, sets);
      return {};
    },
    origin: ({ headers, genesis }) => {
      checkOrigin(headers, genesis);
      return {};
    },
    signatures: ({ bundle }) => {
      checkSignatures(bundle, verifier);
      return { transactions: bundle.steps.length };
    },
    inclusion: ({ bundle, headers }) => {
      checkInclusion(bundle, headers);
      return {
        transactions: bundle.steps.length,
        receipts: bundle.steps.length + bundle.systemReceipts.length,
      };
    },
    evidence: ({ bundle }) => {
      checkEvidence(bundle);
      return { blobs: bundle.blobs.length };
    },
    state: (audit) => {
      audit.content = checkState(audit.bundle, audit.headers);
      return { records: audit.bundle.stateProofs.length, height: audit.bundle.stateHeight };
    },
    procedure: ({ content }) => {
      checkProcedure(content);
      return { steps: content.records.incident.steps.length };
    },
    votes: ({ content }) => {
      checkVotes(content);
      const cast = pollsOf(content.records).flatMap(({ ballots }) => ballots.filter(({ vote }) => vote !== null));
      return { votes: cast.length };
    },
    outcome: ({ content }) => {
      checkOutcome(content);
      return { polls: pollsOf(content.records).length };
    },
    challenge: ({ content }) => {
      checkChallenges(content);
      return { challenges: content.records.challenges.length };
    },
    verification: ({ content }) => {
      checkVerification(content);
      return { reports: content.records.incident.outcomeReports.length };
    },
    settlement: ({ content, genesis }) => {
      checkSettlement(content, termsOf(genesis.params, content.records));
      return {};
    },
    release: ({ content }) => {
      checkRelease(content);
      return {};
    },
    verdict: ({ bundle, content }) => {
      const same = canonicalText(verdictOf(content)) === canonicalText(bundle.verdict);
      check(same, 'the verdict is not what the content gives');
      return {};
    },
  };
}

/**
 * Verifies a bundle. Never throws: whatever the input is, the step at which it fails says so.
 * @param bundle content of the bundle file: bytes, or their UTF-8 text
 * @param genesis content of the verifier's own genesis file
 */
export function verifyBundle(
  bundle: string | Uint8Array,
  genesis: string | Uint8Array,
  verifier: Verifier,
): AuditReport {
  const checks = stepChecks(bundle, genesis, verifier);
  const audit = {} as Audit; // filled step by step, read only by later steps
  const steps: AuditStepResult[] = [];
  for (const step of AUDIT_STEPS) {
    try {
      const figures = checks[step](audit);
      steps.push({ step, ok: true, detail: detailOf(step, figures), figures });
    } catch (error) {
      const detail = error instanceof Error ? error.message : 'it does not read';
      return { ok: false, steps: [...steps, { step, ok: false, detail }], failedStep: step };
    }
  }
  return { ok: true, steps, verdict: audit.bundle.verdict };
}
