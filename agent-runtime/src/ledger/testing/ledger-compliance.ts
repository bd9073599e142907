/** Test-only: what every ledger must do. It is played by one agent that stakes, is refused, and raises an alert. */
import { AdmissionError, canonicalText, evidenceHash, type Transaction, type Wallet } from '@dao-gov/node/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChainTip, Ledger } from '../port.ts';

export interface LedgerFixture {
  readonly ledger: Ledger;
  /** Of an agent of the genesis, with the account of the ledger. */
  readonly wallet: Wallet;
  /** Makes the next block. */
  produce(): unknown;
  close(): void;
}

const ALERT = { node: 'web', metric: 'latency', atMs: 1_700_000_000_000, source: 'capture', title: 'web is slow' };
const UNKNOWN = 'ab'.repeat(32);

export function ledgerCompliance(name: string, open: () => Promise<LedgerFixture>): void {
  describe(`the ${name} ledger`, () => {
    let fixture: LedgerFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    const signed = (type: string, args: unknown, blobs: readonly Uint8Array[] = [], nonce = 0): Transaction => {
      const { ledger, wallet } = fixture;
      return wallet.sign({
        ...{ chainId: ledger.chainId, type, sender: wallet.address, publicKey: wallet.publicKey, nonce },
        ...{ gasPrice: 1, gasLimit: 400, args: canonicalText(args), evidence: blobs.map(evidenceHash) },
      });
    };

    test('knows its chain, its account and the newest final block', async () => {
      const { ledger, wallet, produce } = fixture;
      expect(ledger).toMatchObject({ chainId: 'dao-gov-test', address: wallet.address });
      expect(await ledger.info()).toMatchObject({ height: 0 });
      const before = await ledger.info();
      produce();
      const after = await ledger.info();
      expect(after.height).toBe(1);
      expect(after.timestampMs).toBeGreaterThan(before.timestampMs);
    });

    test('reads parameters and accounts', async () => {
      const { ledger, wallet } = fixture;
      expect(await ledger.params()).toMatchObject({ gasPrice: 1, votingMode: 'sealed' });
      expect(await ledger.account(wallet.address)).toMatchObject({ balance: 20_000, nonce: 0 });
      expect(await ledger.account('00'.repeat(20))).toBeUndefined();
    });

    test('what does not exist is undefined', async () => {
      const { ledger, wallet } = fixture;
      expect(await ledger.incident('INC-0009')).toBeUndefined();
      expect(await ledger.proposal(UNKNOWN)).toBeUndefined();
      expect(await ledger.vote(UNKNOWN, wallet.address)).toBeUndefined();
      expect(await ledger.evidence(UNKNOWN)).toBeUndefined();
      expect(await ledger.receipt(UNKNOWN)).toBeUndefined();
      expect(await ledger.openIncidents()).toEqual([]);
      expect(await ledger.untriagedAlerts()).toEqual([]);
      expect(await ledger.recentIncidents(9)).toEqual([]);
      expect(await ledger.challenge(UNKNOWN)).toBeUndefined();
      expect(await ledger.openMotions()).toEqual([]);
    });

    test('reads the treasury, and motions that are being voted on', async () => {
      const { ledger, produce } = fixture;
      expect(await ledger.treasury()).toMatchObject({ balance: 200_000, escrow: 0 });
      const reason = { en: 'the audit is paid', zh: '支付审计' };
      await ledger.submit(signed('propose_spending', { to: 'cd'.repeat(20), amount: 10, stake: 100, reason }), []);
      produce();
      expect(await ledger.openMotions()).toMatchObject([{ kind: 'spending', proposer: ledger.address, amount: 10 }]);
    });

    test('a transaction shows only once it is final: receipt, state and evidence', async () => {
      const { ledger, produce } = fixture;
      const blob = new TextEncoder().encode('"seen"');
      const hash = await ledger.submit(signed('raise_alert', ALERT, [blob]), [blob]);
      expect(await ledger.receipt(hash)).toBeUndefined();
      expect(await ledger.untriagedAlerts()).toEqual([]);
      produce();
      const receipt = await ledger.receipt(hash);
      expect(receipt).toMatchObject({ transaction: hash, height: 1, status: 'success', reason: '', gasUsed: 210 });
      expect(receipt?.events).toMatchObject([{ name: 'AlertRaised', data: { node: 'web' } }]);
      expect(await ledger.untriagedAlerts()).toMatchObject([{ ...ALERT, observers: [ledger.address] }]);
      expect(await ledger.evidence(evidenceHash(blob))).toEqual(blob);
    });

    test('incidents, proposals and votes are read as they stand in the state', async () => {
      const { ledger, produce } = fixture;
      await ledger.submit(signed('raise_alert', ALERT), []);
      produce();
      const [alert] = await ledger.untriagedAlerts();
      const args = { alertId: alert?.alertId, priority: 'P1', summary: 'bad' };
      await ledger.submit(signed('triage', args, [], 1), []);
      produce();
      const [incident] = await ledger.openIncidents();
      expect(incident).toMatchObject({ incidentId: 'INC-0001', priority: 'P1', stepDue: 'schedule_tasks' });
      expect(await ledger.incident('INC-0001')).toEqual(incident);
      expect(await ledger.recentIncidents(9)).toEqual([incident]);
      expect(await ledger.untriagedAlerts()).toEqual([]);
    });

    test('a failure stands in the receipt with its code and sentence', async () => {
      const { ledger, produce } = fixture;
      const hash = await ledger.submit(signed('unstake', { amount: 5_000 }), []);
      produce();
      const receipt = await ledger.receipt(hash);
      expect(receipt).toMatchObject({ status: 'failed', reason: 'INSUFFICIENT_STAKE', events: [] });
      expect(receipt?.detail).toContain('400');
    });

    test('a refusal is an AdmissionError with its code', async () => {
      const { ledger } = fixture;
      const first = signed('stake', { amount: 1 });
      await ledger.submit(first, []);
      for (const [transaction, code] of [
        [first, 'TX_KNOWN'],
        [signed('stake', { amount: 2 }), 'TX_NONCE_TAKEN'],
        [{ ...first, signature: '0'.repeat(128) }, 'TX_BAD_SIGNATURE'],
      ] as const) {
        const error = await ledger.submit(transaction, []).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(AdmissionError);
        expect(error).toMatchObject({ code });
      }
    });

    test('final blocks are told, until one no longer listens', async () => {
      const { ledger, produce } = fixture;
      const seen: ChainTip[] = [];
      const told = new Promise<void>((resolve) => {
        const unsubscribe = ledger.subscribe((block) => {
          seen.push(block);
          unsubscribe();
          resolve();
        });
      });
      // A stream over the network opens when it can: blocks are made until one is heard of.
      let heard = false;
      void told.then(() => {
        heard = true;
      });
      while (!heard) {
        produce();
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { height, timestampMs } = seen[0] as ChainTip; // told
      expect(await ledger.info()).toMatchObject({ height: expect.any(Number) });
      expect(height).toBeGreaterThan(0);
      expect(timestampMs).toBeGreaterThan(1_700_000_000_000);
      produce();
      await new Promise((resolve) => setImmediate(resolve));
      expect(seen).toHaveLength(1);
    });
  });
}
