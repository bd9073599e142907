/**
 * One agent. It keeps nothing about the chain: after every final block it works out from final state what it has to
 * do, does the most urgent duty, and looks again. Killed at any moment, it goes on where the chain stands.
 */
import {
  type AccountRecord,
  type Address,
  type AlertInput,
  type Hash,
  type Params,
  ROLES,
  type Role,
} from '@dao-gov/node/protocol';
import { type Ballot, DutyError } from '../agents/procedures/procedure.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Reasoner } from '../reasoners/reasoner.ts';
import { alertIntent } from './alert-intent.ts';
import type { Analyst } from './analyst.ts';
import { stakeToAdd } from './auto-stake.ts';
import { READ_RETRY_MS, STOP_WAIT_MS } from './constants.ts';
import { type AgentView, type Duty, dutiesOf, dutyKey } from './duties.ts';
import { AlertError } from './errors.ts';
import { DaoExecutor } from './executor.ts';
import type { Intent } from './intent.ts';
import { Memory } from './memory.ts';
import { type DutyDependencies, type DutyResult, performDuty } from './perform-duty.ts';
import { type AgentPolicy, DEFAULT_POLICY } from './policy.ts';
import { type AgentClock, type AgentSink, silentSink } from './ports.ts';
import { stakeUp } from './stake-up.ts';
import { readView } from './view.ts';
import type { AgentWallet } from './wallet.ts';

export interface AgentDependencies {
  readonly role: Role;
  /** For logs. */
  readonly name: string;
  readonly wallet: AgentWallet;
  readonly ledger: Ledger;
  /** Closed by whoever made it, after `stop`. */
  readonly analyst: Analyst;
  readonly reasoner: Reasoner;
  readonly clock: AgentClock;
  readonly sink?: AgentSink;
  /** What it does beyond its steps; the defaults when absent. */
  readonly policy?: AgentPolicy;
}

export interface Agent {
  readonly role: Role;
  readonly name: string;
  readonly address: Address;
  /**
   * Submits an observation under this agent's name. Resolves once the node holds the transaction; what the contract
   * says of it (such as ALERT_DUPLICATE) stands in its receipt.
   * @throws AlertError with the node's code when it refuses the transaction
   */
  raiseAlert(alert: AlertInput): Promise<{ readonly transaction: Hash }>;
  /** Resolves when the agent has nothing to do at this moment. */
  settled(): Promise<void>;
  /** Ends at the next chance; what was submitted stays submitted. */
  stop(): Promise<void>;
}

/** Under this key an agent remembers that it could not stake ahead. */
const STAKING = 'stake';

export function startAgent(deps: AgentDependencies): Agent {
  return new RunningAgent(deps);
}

class RunningAgent implements Agent {
  readonly role: Role;
  readonly name: string;
  readonly address: Address;
  readonly #deps: AgentDependencies;
  readonly #sink: AgentSink;
  readonly #executor: DaoExecutor;
  readonly #memory = new Memory<Ballot>();
  readonly #unsubscribe: () => void;
  /** Something may have changed since the chain was last looked at. */
  #dirty = true;
  #running: Promise<void> | undefined;
  #stopped = false;
  #reboots: number | undefined;
  #cancelRetry = (): void => {};

  constructor(deps: AgentDependencies) {
    this.#deps = deps;
    this.#sink = deps.sink ?? silentSink;
    this.role = deps.role;
    this.name = deps.name;
    this.address = deps.wallet.address;
    const { ledger, wallet, clock } = deps;
    this.#executor = new DaoExecutor({ ledger, wallet, clock, sink: this.#sink });
    this.#unsubscribe = ledger.subscribe(() => this.#look());
    this.#look();
  }

  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancelRetry();
    this.#executor.stop();
    // A model may still be thinking. Whatever it says finds a stopped executor, so there is no need to wait for it.
    const { clock } = this.#deps;
    let cancel = (): void => {};
    const longEnough = new Promise<void>((resolve) => {
      cancel = clock.at(clock.monotonicMs() + STOP_WAIT_MS, resolve);
    });
    await Promise.race([this.settled(), longEnough]);
    cancel();
  }

  async raiseAlert(input: AlertInput): Promise<{ readonly transaction: Hash }> {
    return this.#submitted(alertIntent(input, { role: this.role, reasoner: this.#deps.reasoner.name }));
  }

  #submitted(intent: Intent): Promise<{ readonly transaction: Hash }> {
    return new Promise((resolve, reject) => {
      const onSubmitted = (transaction: Hash): void => resolve({ transaction });
      void this.#executor.perform(intent, { onSubmitted }).then((outcome) => {
        if (outcome.ok) return;
        const { code, detail } = outcome;
        this.#sink.log('warn', 'an alert was not taken', { ...this.#who(), code, detail });
        reject(new AlertError(code, detail)); // without effect when the node held it already
      }, reject);
    });
  }

  #look(): void {
    this.#dirty = true;
    if (this.#running !== undefined || this.#stopped) return;
    this.#running = this.#work().finally(() => {
      this.#running = undefined;
      if (this.#dirty) this.#look(); // a block came after the last look
    });
  }

  async #work(): Promise<void> {
    while (this.#dirty && !this.#stopped) {
      this.#dirty = false;
      try {
        await this.#turn();
      } catch (error) {
        this.#sink.log('error', 'an agent could not read its ledger', { ...this.#who(), error: String(error) });
        this.#cancelRetry();
        const { clock } = this.#deps;
        this.#cancelRetry = clock.at(clock.monotonicMs() + READ_RETRY_MS, () => this.#look());
      }
    }
  }

  async #turn(): Promise<void> {
    const { ledger } = this.#deps;
    const view = await readView(ledger);
    const [params, account] = await Promise.all([ledger.params(), ledger.account(this.address)]);
    this.#forgetAfterReboot(account?.reboots ?? 0);
    this.#lookAhead(view);
    const due = dutiesOf(view, { role: this.role, address: this.address }, params);
    const duty = due.find((candidate) => this.#memory.isTime(dutyKey(candidate), view.nowMs));
    if (duty !== undefined) {
      await this.#perform(duty, view);
      this.#dirty = true;
    } else if (account !== undefined) {
      await this.#prepareStake(view, account, params);
    }
  }

  /** Stakes while others work: a vote's weight is taken from the stake that stands when the proposal opens. */
  async #prepareStake(view: AgentView, account: AccountRecord, { voteStakeMin }: Params): Promise<void> {
    const next = view.incidents.find(({ incident: { state } }) => state === 'Init' || state === 'Data_Collected');
    if (next === undefined || stakeToAdd(account, voteStakeMin) === 0) return;
    if (!this.#memory.isTime(STAKING, view.nowMs)) return;
    try {
      await stakeUp(voteStakeMin, next.incident.incidentId, async () => true, this.#dutyDependencies());
      this.#memory.forget(STAKING);
      this.#dirty = true;
    } catch (error) {
      if (!(error instanceof DutyError)) throw error;
      this.#conclude(STAKING, view.nowMs, { ok: false, code: error.code, detail: error.message });
    }
  }

  /**
   * Starts the analysis of an event one step before this role's turn: it is done when the turn or the vote comes, and
   * seven agents on one machine do not all analyse at the same moment.
   */
  #lookAhead({ alerts, incidents }: AgentView): void {
    const stepsBefore = ROLES.indexOf(this.role) - 1;
    const waiting = [
      ...alerts.map((alert) => ({ alertId: alert.alertId, alert, steps: 0 })),
      ...incidents
        .filter(({ incident }) => incident.state !== 'Solution')
        .map(({ incident: { alertId, alert, steps } }) => ({ alertId, alert, steps: steps.length })),
    ];
    for (const { alertId, alert, steps } of waiting) {
      if (steps < stepsBefore || !this.#memory.isNew(alertId)) continue;
      const { node, metric, atMs, source } = alert;
      // Whoever needs the findings asks again, and hears of a failure then.
      this.#deps.analyst.analyse(source, { node, metric, atMs }).catch(() => undefined);
    }
  }

  /** A bankrupt account starts again with nothing but a grant, and its agent with an empty head. */
  #forgetAfterReboot(reboots: number): void {
    if (this.#reboots !== undefined && reboots > this.#reboots) {
      this.#memory.clear();
      this.#deps.analyst.forget();
      this.#sink.count('agent_reboots');
      this.#sink.log('warn', 'rebooted after a bankruptcy', { ...this.#who(), reboots });
    }
    this.#reboots = reboots;
  }

  async #perform(duty: Duty, view: AgentView): Promise<void> {
    const key = dutyKey(duty);
    const { clock } = this.#deps;
    const startedMs = clock.monotonicMs();
    const result = await performDuty(duty, view, this.#memory.failureOf(key), this.#dutyDependencies()).catch(
      (error: unknown): DutyResult => ({ ok: false, code: 'AGENT_FAULT', detail: String(error) }),
    );
    this.#sink.observe('agent_duty_ms', clock.monotonicMs() - startedMs);
    this.#conclude(key, view.nowMs, result);
  }

  #dutyDependencies(): DutyDependencies {
    const { role, wallet, ledger, analyst, reasoner, policy = DEFAULT_POLICY } = this.#deps;
    const { ballots } = this.#memory;
    return { role, wallet, ledger, analyst, reasoner, policy, executor: this.#executor, ballots };
  }

  #conclude(duty: string, nowMs: number, result: DutyResult): void {
    if (result.ok) {
      this.#memory.forget(duty);
      const { transaction, receipt } = result;
      return this.#sink.log('info', 'duty done', { ...this.#who(), duty, transaction, height: receipt.height });
    }
    if ('declined' in result) {
      this.#memory.decline(duty);
      return this.#sink.log('info', 'duty declined', { ...this.#who(), duty, reason: result.declined.en });
    }
    if ('later' in result) {
      this.#memory.rest(duty, nowMs + Math.max(1, result.restMs));
      return this.#sink.log('debug', 'duty rests', { ...this.#who(), duty, reason: result.later.en });
    }
    const { code, detail } = result;
    // Stopped, or somebody else (perhaps this agent's own earlier life) has done it.
    if (code === 'STOPPED' || code === 'OBSOLETE') return;
    this.#memory.fail(duty, nowMs, { code, detail });
    this.#sink.count('agent_duties_failed');
    this.#sink.log(code === 'AGENT_FAULT' ? 'error' : 'warn', 'duty failed', { ...this.#who(), duty, code, detail });
  }

  #who(): Readonly<Record<string, string>> {
    return { agent: this.name, role: this.role };
  }
}
