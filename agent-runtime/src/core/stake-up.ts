/** The auto-stake as an intent, with its own short transcript: why so much. */
import type { AccountRecord, Amount, Role } from '@dao-gov/node/protocol';
import { DutyError } from '../agents/procedures/procedure.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Reasoner } from '../reasoners/index.ts';
import { stakeTarget, stakeToAdd } from './auto-stake.ts';
import { TranscriptRecorder, transcriptBlob } from './evidence/transcript.ts';
import type { DaoExecutor } from './executor.ts';
import type { AgentWallet } from './wallet.ts';

export interface StakeDependencies {
  readonly role: Role;
  readonly wallet: AgentWallet;
  readonly ledger: Ledger;
  readonly reasoner: Reasoner;
  readonly executor: DaoExecutor;
}

/**
 * Tops the free stake up to the tier's target, and at least to what is required.
 * @param stillDue whether what the stake is for is still to be done
 * @returns the account afterwards
 * @throws DutyError when the chain refuses it
 */
export async function stakeUp(
  required: Amount,
  incidentId: string,
  stillDue: () => Promise<boolean>,
  deps: StakeDependencies,
): Promise<AccountRecord> {
  const { ledger, wallet, role, reasoner, executor } = deps;
  const account = await ledger.account(wallet.address);
  if (account === undefined) throw new DutyError('INSUFFICIENT_BALANCE', 'this wallet has no account');
  const amount = stakeToAdd(account, required);
  if (amount === 0) return account;
  const recorder = new TranscriptRecorder();
  const { reputation, balance, stake, locked } = account;
  recorder.thought({
    en: `Reputation ${reputation}, balance ${balance}: my tier wants ${stakeTarget(account)} free stake, I hold ${stake - locked}, at least ${required} is needed.`,
    zh: `信誉 ${reputation}，余额 ${balance}：所在档位目标自由质押 ${stakeTarget(account)}，现有 ${stake - locked}，至少需要 ${required}。`,
  });
  recorder.answer({ en: `I stake ${amount} more.`, zh: `追加质押 ${amount}。` });
  const head = { role, reasoner: reasoner.name, incidentId, purpose: 'stake' };
  const evidence = [transcriptBlob(head, recorder.entries)];
  const current = async (): Promise<AccountRecord> => (await ledger.account(wallet.address)) ?? account;
  // An earlier life of this agent may have staked, or done the very duty, a moment ago.
  const stillWanted = async (): Promise<boolean> => stakeToAdd(await current(), required) > 0 && (await stillDue());
  const outcome = await executor.perform({ type: 'stake', args: { amount }, evidence }, { stillWanted });
  if (!outcome.ok && outcome.code !== 'OBSOLETE') throw new DutyError(outcome.code, outcome.detail);
  return current();
}
