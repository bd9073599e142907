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

/** Each returns what it checked, in words. It may read only what the steps before it have put there. */
function stepChecks(
  bundleText: string | Uint8Array,
  genesisText: string | Uint8Array,
  verifier: Verifier,
): Readonly<Record<AuditStep, (audit: Audit) => string>> {
  return {
    parse: (audit) => {
      audit.bundle = parseBundle(bundleText);
      return `canonical JSON, version ${audit.bundle.version}, incident ${audit.bundle.incidentId}`;
    },
    genesis: (audit) => {
      audit.genesis = parseGenesisFile(genesisText);
      checkGenesis(audit.bundle, audit.genesis);
      return `chain ${audit.bundle.chainId}, genesis ${audit.bundle.genesisHash}`;
    },
    headers: (audit) => {
      audit.headers = checkHeaders(audit.bundle);
      return `${audit.headers.size} headers, one for each block that is referred to`;
    },
    validators: (audit) => {
      audit.sets = checkValidators(audit.bundle, audit.genesis, verifier);
      return `${audit.sets.size} validator set(s), proven from the genesis file on`;
    },
    finality: ({ bundle, genesis, sets }) => {
      checkFinality(bundle, genesis, verifier, sets);
      return 'every header is final by the signatures of a quorum';
    },
    origin: ({ headers, genesis }) => {
      checkOrigin(headers, genesis);
      return 'block 1 stands on the block that the genesis file gives';
    },
    signatures: ({ bundle }) => {
      checkSignatures(bundle, verifier);
      return `${bundle.steps.length} transactions signed by their senders`;
    },
    inclusion: ({ bundle, headers }) => {
      checkInclusion(bundle, headers);
      return `${bundle.steps.length} transactions and ${bundle.steps.length + bundle.systemReceipts.length} receipts in their blocks`;
    },
    evidence: ({ bundle }) => {
      checkEvidence(bundle);
      return `${bundle.blobs.length} evidence blobs with their hashes, none missing`;
    },
    state: (audit) => {
      audit.content = checkState(audit.bundle, audit.headers);
      return `${audit.bundle.stateProofs.length} records in the state of block ${audit.bundle.stateHeight}`;
    },
    procedure: ({ content }) => {
      checkProcedure(content);
      return `${content.records.incident.steps.length} steps performed in order`;
    },
    votes: ({ content }) => {
      checkVotes(content);
      const cast = pollsOf(content.records).flatMap(({ ballots }) => ballots.filter(({ vote }) => vote !== null));
      return `${cast.length} votes signed, sealed ones opened to what was committed`;
    },
    outcome: ({ content }) => {
      checkOutcome(content);
      return `${pollsOf(content.records).length} claim(s) and challenge(s) decided as the votes give`;
    },
    challenge: ({ content }) => {
      checkChallenges(content);
      return `${content.records.challenges.length} challenge(s) made in time, with new evidence and an equal bond`;
    },
    verification: ({ content }) => {
      checkVerification(content);
      return `${content.records.incident.outcomeReports.length} report(s) of the outcome, each agent once`;
    },
    settlement: ({ content, genesis }) => {
      checkSettlement(content, termsOf(genesis.params, content.records));
      return 'stakes, fines, escrow and payments agree, and are as high as the parameters of their time ask for';
    },
    release: ({ content }) => {
      checkRelease(content);
      return 'nothing was let go before its time, and everything else was paid to whom it is due';
    },
    verdict: ({ bundle, content }) => {
      const same = canonicalText(verdictOf(content)) === canonicalText(bundle.verdict);
      check(same, 'the verdict is not what the content gives');
      return 'the verdict follows from what was verified';
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
      steps.push({ step, ok: true, detail: checks[step](audit) });
    } catch (error) {
      const detail = error instanceof Error ? error.message : 'it does not read';
      return { ok: false, steps: [...steps, { step, ok: false, detail }], failedStep: step };
    }
  }
  return { ok: true, steps, verdict: audit.bundle.verdict };
}
