/** One duty from reading to receipt: telemetry and tools for the reasoner, its decision checked, the intent executed. */
import type { ProposalRecord, Role } from '@dao-gov/node/protocol';
import { AGENT_ROLES, prepare, toolsFor } from '../agents/index.ts';
import { type BallotMemory, DutyError, GroundingError, type ProcedureContext } from '../agents/procedures/procedure.ts';
import type { Bilingual } from '../analysis/index.ts';
import type { Ledger } from '../ledger/index.ts';
import {
  type Purpose,
  type ReasonedOf,
  type Reasoner,
  type ReasoningTask,
  reasonedSchemas,
} from '../reasoners/reasoner.ts';
import { ToolBox, type ToolContext } from '../tools/index.ts';
import type { Analyst } from './analyst.ts';
import { type AgentView, type Duty, dutiesOf, dutyKey } from './duties.ts';
import { AnalystError } from './errors.ts';
import { checkCited } from './evidence/check-cited.ts';
import { TranscriptRecorder, transcriptBlob } from './evidence/transcript.ts';
import type { DaoExecutor } from './executor.ts';
import type { Outcome } from './intent.ts';
import { stakeUp } from './stake-up.ts';
import { taskOf, toolAlertOf } from './task.ts';
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
}

export interface Failure {
  readonly code: string;
  readonly detail: string;
}

export type DutyResult = Outcome | { readonly ok: false; readonly declined: Bilingual };

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
    if ('declined' in prepared) return { ok: false, declined: prepared.declined };
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
  const { role, wallet, ledger, reasoner, ballots } = deps;
  const params = await ledger.params();
  const incidentId = duty.kind === 'triage' ? '' : duty.incident.incidentId;
  const recorder = new TranscriptRecorder();
  const toolContext = toolContextOf(duty, view, deps);
  const tools = new ToolBox(toolsFor(role, duty.kind), toolContext, recorder);
  return {
    address: wallet.address,
    ledger,
    params,
    ballots,
    saltOf: wallet.saltOf,
    findings: toolContext.findings,
    decide: (purpose) =>
      decided(
        purpose,
        reasoner,
        taskOf(duty, purpose, { role, params, failure, alert: toolContext.alert, nowMs: view.nowMs }),
        tools,
        toolContext,
      ),
    note: (thought) => recorder.thought(thought),
    transcript: () =>
      transcriptBlob(
        { role, reasoner: reasoner.name, incidentId, purpose: purposeOf(duty) },
        recorder.entries,
        recorder.usage,
      ),
    autoStake: (required) => stakeUp(required, incidentId, () => isStillDue(duty, deps), deps),
  };
}

const purposeOf = ({ kind }: Duty): Purpose => (kind === 'reveal_vote' ? 'vote' : kind);

function toolContextOf(duty: Duty, view: AgentView, { role, analyst, ledger }: DutyDependencies): ToolContext {
  const alert = toolAlertOf(duty, view);
  const { node, metric, atMs, source } = alert;
  const findings = () => analyst.analyse(source, { node, metric, atMs });
  const claim: ProposalRecord | undefined = 'proposal' in duty ? duty.proposal : undefined;
  const check = async ({ incidentId, cites }: ProposalRecord) =>
    checkCited(ledger, incidentId, cites, await findings());
  return { alert, view: AGENT_ROLES[role].view, findings, checkEvidence: claim && (() => check(claim)) };
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
