/** The Verify screen, with the names of the verifier's steps. */
import type { AuditStep } from '@dao-gov/node/audit';

const audit: Readonly<Record<`audit.${AuditStep}`, string>> = {
  'audit.parse': 'Form of the file',
  'audit.genesis': 'Chain and genesis',
  'audit.headers': 'Headers',
  'audit.validators': 'Validator sets',
  'audit.finality': 'Finality by a quorum',
  'audit.origin': 'Descent from genesis',
  'audit.signatures': 'Signatures of the agents',
  'audit.inclusion': 'Inclusion in the blocks',
  'audit.evidence': 'Evidence',
  'audit.state': 'State of the chain',
  'audit.procedure': 'Operating procedure',
  'audit.votes': 'Votes',
  'audit.outcome': 'Outcome of the votes',
  'audit.settlement': 'Payments and fines',
  'audit.verdict': 'Verdict',
};

export const verify = {
  ...audit,
  'verify.title': 'Verify an audit bundle',
  'verify.intro':
    'Checks signatures, proofs, certificates and the judgment in this browser, with the same code as the command line. Nothing is uploaded, and no node is asked.',
  'verify.files': 'Files',
  'verify.bundle': 'Audit bundle',
  'verify.bundleHint': 'Drop the bundle file here, or choose one',
  'verify.genesis': 'Genesis file',
  'verify.genesisHint': 'Drop your own genesis file here, or choose one',
  'verify.given': '{name} ({size})',
  'verify.takeBundle': 'Take the bundle of {incident} from this node',
  'verify.takeGenesis': 'Use this node’s genesis (trusts this node)',
  'verify.trustsNode': 'Genesis taken from this node: the result is worth as much as your trust in it',
  'verify.notGiven': 'The node did not give the file.',
  'verify.run': 'Verify',
  'verify.print': 'Print',
  'verify.result': 'Result',
  'verify.holds': 'The bundle holds: everything in it happened as stated',
  'verify.fails': 'The bundle does not hold. It fails at: {step}',
  'verify.against': '{bundle} against {genesis}',
  'verify.steps': 'Steps of the verification',
  'verify.ok': 'holds',
  'verify.wrong': 'does not hold',
  'verify.broken': 'The verifier stopped with an error of its own; this says nothing about the bundle',
  'verify.judgment': 'Judgment',
};
