/** What each agent gained, lost and did, told from receipts alone: as anybody could who reads the chain. */
import type { ContractEvent, Receipt } from '@dao-gov/node/protocol';

/** One claim as its proposer's account saw it. */
export interface ClaimEntry {
  readonly proposer: string;
  readonly stake: number;
  /** Rewards less fines and slashed stake; gas apart. */
  readonly net: number;
}

const GAINS: readonly string[] = ['Reward', 'Bounty', 'BondPaid'];
const LOSSES: readonly string[] = ['Penalty', 'StakeSlashed', 'StakeForfeited'];

const text = ({ data }: ContractEvent, field: string): string => String(data[field] ?? '');
const amountOf = ({ data }: ContractEvent): number => Number(data.amount ?? 0);

export class Books {
  readonly #claims = new Map<string, ClaimEntry>();
  /** Tokens that accounts were topped up with after bankruptcies, by address. */
  readonly grants = new Map<string, number>();
  finalized = 0;
  inconclusive = 0;
  overturned = 0;

  read(receipts: readonly Receipt[]): void {
    for (const { events } of receipts) for (const event of events) this.#note(event);
  }

  /** All claims that were ever made. */
  get claims(): readonly ClaimEntry[] {
    return [...this.#claims.values()];
  }

  #note(event: ContractEvent): void {
    const { name } = event;
    if (name === 'IncidentFinalized') this.finalized += 1;
    if (name === 'IncidentInconclusive') this.inconclusive += 1;
    if (name === 'ClaimOverturned') this.overturned += 1;
    if (name === 'AgentRebooted') {
      const address = text(event, 'address');
      this.grants.set(address, (this.grants.get(address) ?? 0) + Number(event.data.grant ?? 0));
    }
    if (name === 'RootCauseProposed') {
      const entry = { proposer: text(event, 'by'), stake: Number(event.data.stake ?? 0), net: 0 };
      this.#claims.set(text(event, 'proposalId'), entry);
      return;
    }
    const sign = GAINS.includes(name) ? 1 : LOSSES.includes(name) ? -1 : 0;
    const claim = this.#claims.get(text(event, 'proposalId'));
    const party = text(event, sign > 0 ? 'to' : 'address');
    if (sign === 0 || claim === undefined || claim.proposer !== party) return;
    this.#claims.set(text(event, 'proposalId'), { ...claim, net: claim.net + sign * amountOf(event) });
  }
}
