/**
 * Which sentence of the catalogue tells an event: that of its name, or of the case of it where one name tells several
 * stories. Fields are of no proven shape: other versions of the chain wrote them.
 */
type Data = Readonly<Record<string, unknown>>;

const either =
  (field: string, yes: string, no: string) =>
  (data: Data): string =>
    data[field] === true ? yes : no;

const oneOf =
  (field: string, cases: readonly string[], other: string) =>
  (data: Data): string =>
    cases.find((one) => one === data[field]) ?? other;

/** The cases of the events that have several. */
export const EVENT_CASES: Readonly<Record<string, (data: Data) => string>> = {
  EpochStarted: either('changed', 'changed', 'same'),
  IncidentFinalized: either('verified', 'verified', 'unchallenged'),
  IncidentInconclusive: oneOf('reason', ['step_abandoned'], 'rounds_exhausted'),
  ConsensusReached: either('passed', 'passed', 'rejected'),
  WorkPaid: ({ step }) => (step === '' || step === undefined ? 'other' : 'step'),
  StakeForfeited: oneOf('reason', ['vote', 'challenge'], 'other'),
  ChallengeDecided: oneOf('result', ['upheld', 'failed'], 'undecided'),
  OutcomeReported: either('recovered', 'recovered', 'not_recovered'),
  OutcomeVerified: either('recovered', 'recovered', 'not_recovered'),
  ClaimOverturned: ({ next }) => (next === 'Inconclusive' ? 'ended' : 'again'),
  MotionOpened: oneOf('kind', ['spending'], 'parameters'),
  MotionDecided: either('passed', 'passed', 'rejected'),
};

/** Key of the sentence in the catalogue, whether or not the catalogue knows it. */
export function sentenceKey(name: string, data: Data): string {
  const caseOf = Object.hasOwn(EVENT_CASES, name) ? EVENT_CASES[name] : undefined;
  return caseOf === undefined ? `say.${name}` : `say.${name}.${caseOf(data)}`;
}
