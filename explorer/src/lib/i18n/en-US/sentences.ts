/**
 * Events as sentences. A key is the event's name, and the case of it where one name tells several stories (the cases are
 * in `components/event-case.ts`); the placeholders are fields of the event's data.
 */
export const sentences = {
  'say.Transferred': '{from} sent {amount} tokens to {to}.',
  'say.Staked': '{address} staked {amount} tokens; its stake is now {stake}.',
  'say.Unstaked': '{address} took {amount} tokens of its stake back; {stake} stay staked.',
  'say.Bonded':
    '{owner} bonded {amount} tokens for a validator. Its bond is now {bond}, and counts from the next epoch on.',
  'say.Unbonding':
    '{owner} took {amount} tokens of its bond back; they can be slashed until their release. {bond} stay bonded.',
  'say.Unbonded': '{amount} tokens of bond were released to {owner}.',
  'say.ValidatorSlashed':
    '{name} signed two contradicting votes ({kinds}) in view {view} of epoch {epoch} and is jailed. {slashed} tokens of the bond of {owner} were slashed: {burned} burned, {reward} paid to {reporter} for the report.',
  'say.ProposerRewarded': '{owner} earned {amount} tokens, its share of the block’s gas.',
  'say.EpochStarted.same':
    'Epoch {epoch} begins with the same validators: {validators} with power {totalPower}, blocks {firstHeight} to {lastHeight}.',
  'say.EpochStarted.changed':
    'Epoch {epoch} begins with other validators or powers: {validators} with power {totalPower}, blocks {firstHeight} to {lastHeight}.',
  'say.AlertRaised': '{by} raised an alert: {metric} of {node}. {title}',
  'say.AlertConfirmed': '{by} saw the same; the alert has {observers} observers now.',
  'say.IncidentOpened': '{by} opened {incidentId} with priority {priority}: {title}',
  'say.TasksScheduled': '{by} scheduled the tasks. {summary}',
  'say.DataCollected': '{by} collected the data. {summary}',
  'say.DependencyGraphSubmitted': '{by} explored the dependencies. {summary}',
  'say.FaultAssessed': '{by} assessed the fault. {summary}',
  'say.RootCauseProposed':
    '{by} claims that {rootCause} is the root cause ({faultKind}, probability {probability}), with {stake} tokens at stake.',
  'say.FaultWebSubmitted': '{by} mapped the fault web. {summary}',
  'say.SolutionSubmitted': '{by} wrote the solution. {summary}',
  'say.ChallengeWindowOpened':
    'The claim may be challenged until {challengeEndsAtMs}; its rewards stay in escrow until then.',
  'say.IncidentFinalized.verified':
    '{incidentId} is final: {rootCause} ({faultKind}) stands, because the recovery was measured after the fix.',
  'say.IncidentFinalized.unchallenged':
    '{incidentId} is final: {rootCause} ({faultKind}) stands, because no challenge was upheld in time.',
  'say.IncidentInconclusive.rounds_exhausted':
    '{incidentId} ends without a conclusion: no round was left. {escrowReturned} tokens went from escrow back to the treasury.',
  'say.IncidentInconclusive.step_abandoned':
    '{incidentId} ends without a conclusion: nobody performed the step “{step}”. {escrowReturned} tokens went from escrow back to the treasury.',
  'say.VoteCommitted': '{voter} cast a sealed vote with weight {weight} and {stake} tokens at stake.',
  'say.RevealOpened': '{committed} sealed votes (weight {committedWeight}) may be opened until {revealEndsAtMs}.',
  'say.VoteRevealed': '{voter} opened its vote: {option}, weight {weight}. {reason}',
  'say.VoteCast': '{voter} voted {option} with weight {weight} and {stake} tokens at stake. {reason}',
  'say.ConsensusReached.passed':
    'The vote passed: support {supportThousandths}, participation {participationThousandths}.',
  'say.ConsensusReached.rejected':
    'The vote did not pass: support {supportThousandths}, participation {participationThousandths}.',
  'say.ProposalRejected': 'The claim of {proposer} that {rootCause} is the root cause was rejected in round {round}.',
  'say.RewardEscrowed': '{amount} tokens are held in escrow for {to}: {reason}.',
  'say.Reward': '{to} was paid {amount} tokens out of escrow: {reason}.',
  'say.Bounty': '{to} was paid {amount} tokens out of escrow: {reason}.',
  'say.GasRebate': '{to} got {amount} tokens back out of escrow: {reason}.',
  'say.ChallengeGas': '{to} got {amount} tokens of gas back: the challenge went the way it said.',
  'say.WorkPaid.step': '{to} was paid {amount} tokens for the step “{step}”: {reason}.',
  'say.WorkPaid.other': '{to} was paid {amount} tokens: {reason}.',
  'say.RewardWithheld': '{address} earns nothing by judging this claim: {reason}.',
  'say.Penalty': '{address} was fined {amount} tokens and {reputation} points of reputation: {reason}.',
  'say.ReputationChanged': 'The reputation of {address} went from {from} to {to}: {reason}.',
  'say.StakeLocked': '{amount} tokens of {address} are locked: {reason}.',
  'say.StakeReleased': '{amount} tokens of {address} are free again: {reason}.',
  'say.StakeForfeited.vote': '{address} forfeited {amount} tokens to the treasury: its sealed vote was never opened.',
  'say.StakeForfeited.challenge': '{address} lost the bond of {amount} tokens to the treasury: its challenge failed.',
  'say.StakeForfeited.other': '{address} forfeited {amount} tokens to the treasury: {reason}.',
  'say.TransactionFailed': '{type} failed: {reason}.',
  'say.TreasuryShort':
    'There were {available} of the {wanted} tokens that should have been paid: payments were cut to that.',
  'say.ChallengeOpened': '{challenger} challenges the claim with a bond of {bond} tokens and new evidence. {reason}',
  'say.ChallengeDecided.upheld': 'The challenge of {challenger} was upheld, {decidedBy}.',
  'say.ChallengeDecided.failed':
    'The challenge of {challenger} failed, {decidedBy}. The window goes on until {challengeEndsAtMs}.',
  'say.ChallengeDecided.undecided':
    'The challenge of {challenger} was not decided: the claim stands and the bond goes back. The window goes on until {challengeEndsAtMs}.',
  'say.OutcomeReported.recovered': '{by} measured after the fix that the service has recovered. {summary}',
  'say.OutcomeReported.not_recovered': '{by} measured after the fix that the service has not recovered. {summary}',
  'say.OutcomeVerified.recovered': '{reports} agents measured the recovery: the claim is verified.',
  'say.OutcomeVerified.not_recovered': '{reports} agents measured that nothing recovered: the claim is falsified.',
  'say.ClaimOverturned.again':
    'The claim of {proposer} that {rootCause} is the root cause was overturned, {by}. {escrowReturned} tokens went from escrow back to the treasury, and the incident goes back for another claim.',
  'say.ClaimOverturned.ended':
    'The claim of {proposer} that {rootCause} is the root cause was overturned, {by}. {escrowReturned} tokens went from escrow back to the treasury, and no round is left for another claim.',
  'say.StakeSlashed': '{address} lost {amount} tokens of its stake: {reason}.',
  'say.TokensBurned': '{amount} tokens were burned.',
  'say.ChallengeReward':
    '{to} was paid {amount} tokens out of the losses of those who had supported the claim: {reason}.',
  'say.BondPaid': 'The bond of {amount} tokens went from {from} to {to}: {reason}.',
  'say.AgentRebooted':
    '{address} was bankrupt and is rebooted (number {reboots}): the treasury granted {grant} tokens, its reputation went from {reputationFrom} to {reputationTo}, and its memory is dropped.',
  'say.RebootUnfunded':
    '{address} is bankrupt, but the treasury had {available} of the {wanted} tokens that its reboot takes.',
  'say.MotionOpened.parameters': '{by} moves to change parameters: {changes}. Votes until {voteEndsAtMs}. {reason}',
  'say.MotionOpened.spending':
    '{by} moves to pay {amount} tokens out of the treasury to {to}. Votes until {voteEndsAtMs}. {reason}',
  'say.MotionDecided.passed': 'Motion {number} passed; it takes effect when the next epoch begins.',
  'say.MotionDecided.rejected': 'Motion {number} did not pass.',
  'say.ParametersChanged': 'From epoch {epoch} on these parameters hold: {changes}.',
  'say.TreasurySpent': 'The treasury paid {amount} tokens to {to}, as a motion had decided.',
  'say.MotionRefused': 'A motion that had passed was refused at the start of epoch {epoch}: {code}.',
} as const;
