/** The records of the case stand under the state root of a final block: all of them, and nothing else. */
import { verifyStateProof } from '../../merkle/state.ts';
import type { AuditBundle } from '../bundle.ts';
import { readCaseRecords } from '../case-records.ts';
import { type CaseContent, readContent } from '../content.ts';
import { check } from '../errors.ts';
import type { Headers } from './finality.ts';

/** @throws CheckError */
export function checkState(bundle: AuditBundle, headers: Headers): CaseContent {
  const header = headers.get(bundle.stateHeight);
  check(header !== undefined, `the header of height ${bundle.stateHeight} is missing`);
  const values = new Map<string, string | null>();
  let previous = '';
  for (const proof of bundle.stateProofs) {
    check(proof.key > previous, `the record ${proof.key} is out of order, or stands here twice`);
    previous = proof.key;
    check(
      verifyStateProof(proof, header.stateRoot),
      `the record ${proof.key} is not in the state of block ${header.height}`,
    );
    values.set(proof.key, proof.value);
  }
  const unread = new Set(values.keys());
  const read = (key: string): string | null => {
    const value = values.get(key);
    check(value !== undefined, `the record ${key} is not proven`);
    unread.delete(key);
    return value;
  };
  const { incident } = readCaseRecords(bundle.incidentId, read);
  const [superfluous] = unread;
  check(superfluous === undefined, `the record ${superfluous} is not about this incident`);
  check(incident.incidentId === bundle.incidentId, 'the record is of another incident');
  return readContent(bundle, read);
}
