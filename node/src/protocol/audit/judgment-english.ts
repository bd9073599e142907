import type { Phrases } from './judgment-phrases.ts';

const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '));

export const ENGLISH: Phrases = {
  title: (incidentId, title) => `Incident ${incidentId}: ${title}`,
  finished: (state, at, height) => `The incident is finished: ${state} at ${at}, proven under block ${height}.`,
  unfinished: (state, height, at) =>
    `THE INCIDENT IS NOT FINISHED. As of block ${height} (${at}) its state is ${state}; what follows may still change.`,
  alert: ({ metric, node, source, at, priority }) =>
    `Alert: ${metric} of ${node} at ${at}, reported by ${source}. Priority ${priority}.`,
  observers: (people) => `Observed by ${list(people)}.`,
  procedure: 'Steps of the procedure:',
  step: ({ number, step, by, at, height, transaction, evidence, summary }) =>
    `${number}. ${step} by ${by} at ${at}, block ${height}, transaction ${transaction}. Evidence: ${list(evidence)}. “${summary}”`,
  noClaim: 'No root cause was claimed.',
  claim: ({ round, proposer, rootCause, faultKind, probability, stake, reason, cites }) =>
    `Claim of round ${round} by ${proposer}: the root cause is ${rootCause} (${faultKind}), probability ${probability}, ` +
    `with ${stake} tokens at stake. Reason: “${reason}” It rests on evidence: ${list(cites)}.`,
  vote: (who, option, weight, stake, reason) => `${who}: ${option}, weight ${weight}, stake ${stake}. “${reason}”`,
  sealedVote: (who, weight, stake) => `${who}: committed and did not reveal, weight ${weight}, stake ${stake}.`,
  noVote: (who, weight) => `${who}: no vote, weight ${weight}.`,
  undecided: 'Not decided yet.',
  decision: ({ passed, height, at, weightFor, weightAgainst, weightAbstain, eligible, support, participation }) =>
    `The claim ${passed ? 'PASSED' : 'WAS REJECTED'} in block ${height} at ${at}: weight ${weightFor} for, ${weightAgainst} against, ` +
    `${weightAbstain} abstaining, of ${eligible} eligible. Support ${support}, participation ${participation}.`,
  overturned: (round, by) => `The claim of round ${round} had passed and was OVERTURNED by ${by}.`,
  withheld: (who) => `${who} alone had raised the alert and earns nothing by judging it.`,
  challenge: ({ round, challenger, bond, reason, newEvidence }) =>
    `Challenge of the claim of round ${round} by ${challenger}, with a bond of ${bond} tokens. Reason: “${reason}” ` +
    `New evidence: ${list(newEvidence)}. A vote for it says that the claim is wrong.`,
  challengeOpen: 'The challenge is still being voted on.',
  challengeResult: (result, by) =>
    result === 'undecided'
      ? 'The challenge was not decided: the claim stands, and the bond was returned.'
      : `The challenge ${result === 'upheld' ? 'WAS UPHELD' : 'FAILED'}, decided by ${by}.`,
  report: (who, recovered, metrics, at) =>
    `${who} measured at ${at} that the service ${recovered ? 'has recovered' : 'HAS NOT RECOVERED'}. Evidence: ${metrics}.`,
  noRootCause: 'The agents agreed on no root cause.',
  rootCause: (node, faultKind) => `Agreed root cause: ${node} (${faultKind}).`,
  money: 'Tokens moved:',
  movement: (kind, who, amount, reputation, reason, height) =>
    `${kind}: ${who}, ${amount} tokens${reputation > 0 ? ` and ${reputation} reputation` : ''}, ${reason}, block ${height}.`,
  totals: ({ paid, fined, forfeited, slashed, burned, inEscrow, returned }) =>
    `In all: ${paid} paid, ${fined} fined, ${forfeited} forfeited, ${slashed} slashed, ${burned} burned, ${inEscrow} waiting in escrow, ${returned} returned to the treasury.`,
  states: {
    Init: 'Init',
    Data_Collected: 'Data_Collected',
    Root_Cause_Proposed: 'Root_Cause_Proposed',
    Consensus: 'Consensus',
    Solution: 'Solution',
    Finalized: 'Finalized',
    Inconclusive: 'Inconclusive',
  },
  steps: {
    triage: 'Triage',
    schedule_tasks: 'Task schedule',
    submit_data_collection: 'Data collection',
    submit_dependency_graph: 'Dependency graph',
    submit_fault_assessment: 'Fault assessment',
    propose_root_cause: 'Root cause proposal',
    submit_fault_web: 'Fault web',
    submit_solution: 'Solution',
  },
  options: { For: 'for', Against: 'against', Abstain: 'abstains' },
  movements: {
    Reward: 'Reward',
    Bounty: 'Bounty',
    GasRebate: 'Gas rebate',
    Penalty: 'Fine',
    StakeForfeited: 'Forfeited stake',
    WorkPaid: 'Paid for work',
    ChallengeGas: 'Gas given back',
    ChallengeReward: 'Reward of the challenger',
    BondPaid: 'Bond paid to the proposer',
    StakeSlashed: 'Slashed stake',
  },
  deciders: { vote: 'the votes', challenge: 'a challenge', outcome: 'the measured outcome' },
  reasons: {
    proposal_passed: 'the claim passed',
    bounty: 'bounty for the root cause',
    supported_passed: 'supported the claim that passed',
    opposed_passed: 'opposed the claim that passed',
    proposal_rejected: 'the claim was rejected',
    supported_rejected: 'supported the claim that was rejected',
    vote_gas: 'gas of the vote',
    proposal: 'stake of the claim',
    vote: 'vote never revealed',
    challenge: 'bond of a challenge that failed',
    confidence: 'stake beyond the minimum on what was right',
    claim_overturned: 'made the claim that was overturned',
    supported_overturned: 'supported the claim that was overturned',
    opposed_upheld: 'voted against a challenge that was upheld',
    supported_failed: 'voted for a challenge that failed',
    challenge_upheld: 'the challenge was upheld',
    challenge_failed: 'the challenge failed',
    challenge_gas: 'gas of the challenge or of the vote on it',
    step: 'wage of a step',
    step_gas: 'gas of a step',
    alert_gas: 'gas of the alert',
    outcome_gas: 'gas of a report of the outcome',
  },
};
