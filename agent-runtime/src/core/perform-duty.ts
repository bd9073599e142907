/** One duty from reading to receipt: telemetry and tools for the reasoner, its decision checked, the intent executed. */
import type { Hash, Params, Role } from '@dao-gov/node/protocol';
import { AGENT_ROLES, prepare, toolsFor } from '../agents/index.ts';
import { type BallotMemory, DutyError, GroundingError, type ProcedureContext } from '../agents/procedures/procedure.ts';
import type { Alert, Bilingual } from '../analysis/index.ts';
import type { Ledger } from '../ledger/index.ts';
import {
  type Purpose,
  type ReasonedOf,
  type Reasoner,
  type ReasoningTask,
  reasonedSchemas,
} from '../reasoners/reasoner.ts';
import { type ToolAlert, ToolBox, type ToolContext } from '../tools/index.ts';
import type { Analyst } from './analyst.ts';
import { type AgentView, type Duty, dutiesOf, dutyKey } from './duties.ts';
import { findingsFor, newerFindings } from './duty-telemetry.ts';
import { AnalystError } from './errors.ts';
import { checkCited } from './evidence/check-cited.ts';
import { TranscriptRecorder, transcriptBlob } from './evidence/transcript.ts';
import type { DaoExecutor } from './executor.ts';
import type { Outcome } from './intent.ts';
import { pastCases } from './past-cases.ts';
import type { AgentPolicy } from './policy.ts';
import { stakeUp } from './stake-up.ts';
import { incidentIdOf, taskOf, toolAlertOf } from './task.ts';
import { readView } from './view.ts';
import type { AgentWallet } from './wallet.ts';

export interface DutyDependencies {
  readonly role: Role;
  readonly wallet: AgentWallet;
  readonly ledger: Ledger;
  readonly analyst: Analyst;
  readonly reasoner: Reasoner;
  readonly executor: DaoExecutor;
  readonly ballots: BallotMemory;
  readonly policy: AgentPolicy;
}

export interface Failure {
  readonly code: string;
  readonly detail: string;
}

export type DutyResult =
  | Outcome
  | { readonly ok: false; readonly declined: Bilingual }
  | { readonly ok: false; readonly later: Bilingual; readonly restMs: number };

/** @param failure of the last attempt at this duty, so that the reasoner corrects itself */
export async function performDuty(
  duty: Duty,
  view: AgentView,
  failure: Failure | undefined,
  deps: DutyDependencies,
): Promise<DutyResult> {
  try {
    const context = await contextOf(duty, view, failure, deps);
    const prepared = await prepare(duty, context);
    if ('declined' in prepared || 'later' in prepared) return { ok: false, ...prepared };
    return await deps.executor.perform(prepared.intent, { stillWanted: () => isStillDue(duty, deps) });
  } catch (error) {
    const known = error instanceof AnalystError || error instanceof DutyError || error instanceof GroundingError;
    if (!known) throw error;
    return { ok: false, code: error.code, detail: error.message };
  }
}

async function isStillDue(duty: Duty, { ledger, role, wallet }: DutyDependencies): Promise<boolean> {
  const [view, params] = await Promise.all([readView(ledger), ledger.params()]);
  const key = dutyKey(duty);
  return dutiesOf(view, { role, address: wallet.address }, params).some((due) => dutyKey(due) === key);
}

async function contextOf(
  duty: Duty,
  view: AgentView,
  failure: Failure | undefined,
  deps: DutyDependencies,
): Promise<ProcedureContext> {
  const { role, wallet, ledger, reasoner, ballots, policy, analyst } = deps;
  const params = await ledger.params();
  const incidentId = incidentIdOf(duty);
  const recorder = new TranscriptRecorder();
  const toolContext = toolContextOf(duty, view, params, deps);
  const { alert } = toolContext;
  const tools = new ToolBox(toolsFor(role, duty.kind), toolContext, recorder);
  const circumstances = { role, params, failure, alert, nowMs: view.nowMs, policy };
  return {
    address: wallet.address,
    ...{ role, ledger, params, policy, ballots, view: toolContext.view, nowMs: view.nowMs },
    saltOf: wallet.saltOf,
    findings: toolContext.findings,
    newer: () => newerFindings(analyst, alert, view.nowMs),
    observe: (window) => analyst.observe(alert.source, alertOf(alert), window),
    pastCases: toolContext.pastCases,
    decide: (purpose, { motion } = { motion: null }) =>
      decided(purpose, reasoner, taskOf(duty, purpose, { ...circumstances, motion }), tools, toolContext),
    note: (thought) => recorder.thought(thought),
    conclude: (answer) => recorder.answer(answer),
    transcript: () =>
      transcriptBlob(
        { role, reasoner: reasoner.name, incidentId, purpose: purposeOf(duty) },
        recorder.entries,
        recorder.usage,
      ),
    autoStake: (required) => stakeUp(required, incidentId, () => isStillDue(duty, deps), deps),
  };
}

/** What the transcript calls it. */
function purposeOf(duty: Duty): string {
  if (duty.kind !== 'vote' && duty.kind !== 'reveal_vote') return duty.kind;
  return duty.challenge ? 'vote_challenge' : 'vote';
}

const alertOf = ({ node, metric, atMs }: ToolAlert): Alert => ({ node, metric, atMs });

function toolContextOf(duty: Duty, view: AgentView, params: Params, deps: DutyDependencies): ToolContext {
  const { role, analyst, ledger } = deps;
  const alert = toolAlertOf(duty, view);
  const findings = () => findingsFor(duty, view, alert, analyst);
  const cited = citedIn(duty);
  return {
    alert,
    view: AGENT_ROLES[role].view,
    findings,
    checkEvidence: cited && (async () => checkCited(ledger, incidentIdOf(duty), cited, await findings())),
    pastCases: async () => ('incident' in duty ? pastCases(ledger, duty.incident, params) : []),
  };
}

/** Evidence that a voter compares with its own data: what the claim rests on, or what the challenge brought as new. */
function citedIn(duty: Duty): readonly Hash[] | undefined {
  if (duty.kind !== 'vote' && duty.kind !== 'reveal_vote') return undefined;
  return duty.challenge ? duty.challenge.newEvidence : duty.proposal.cites;
}

/** What every reasoner's answer must pass, whatever it is made of. @throws GroundingError, DutyError */
async function decided<P extends Purpose>(
  purpose: P,
  reasoner: Reasoner,
  task: ReasoningTask,
  tools: ToolBox,
  context: ToolContext,
): Promise<ReasonedOf<P>> {
  const parsed = reasonedSchemas[purpose].safeParse(await reasoner.decide(task, tools));
  if (!parsed.success) throw new GroundingError(`${reasoner.name} gave no usable decision: ${parsed.error.message}`);
  const intent = parsed.data as ReasonedOf<P>; // by the schema of this very purpose
  const repeated = 'faultKind' in intent && task.rejectedCauses.find((cause) => cause === intent.rootCause);
  if (repeated) throw new DutyError('PROPOSAL_REPEATED', `${repeated} was voted down already`);
  const invented = await inventedNodes(intent, context);
  if (invented.length > 0) throw new GroundingError(`in no fetched data: ${invented.join(', ')}`);
  return intent;
}

/** Nodes that a decision names and that the agent's own telemetry does not know. */
async function inventedNodes(
  intent: ReasonedOf<Purpose>,
  { findings, alert }: ToolContext,
): Promise<readonly string[]> {
  const cited =
    'scope' in intent ? intent.scope : 'rootCause' in intent && intent.rootCause !== null ? [intent.rootCause] : [];
  const others = cited.filter((node) => node !== alert.node);
  if (others.length === 0) return [];
  const known = new Set((await findings()).nodes.map(({ node }) => node));
  return others.filter((node) => !known.has(node));
}
