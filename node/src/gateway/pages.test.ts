import { describe, expect, it } from 'vitest';
import { transactionPageSchema } from '../protocol/api/index.ts';
import { CaseChain } from '../testing/audit-kit.ts';
import { callsTo, gatewayParts } from '../testing/gateway-kit.ts';
import { SCAN_BLOCKS_MAX } from './constants.ts';
import { createGateway } from './index.ts';

describe('a long chain on which little happens', () => {
  it('is walked in bounded steps, and remembered', async () => {
    const chain = new CaseChain({}, { signers: [] });
    chain.call('alert_receiver', 'stake', { amount: 1 });
    for (let count = 0; count < SCAN_BLOCKS_MAX + 50; count += 1) chain.block();
    chain.call('alert_receiver', 'stake', { amount: 2 });
    const long = await gatewayParts(chain);
    let readBlocks = 0;
    const { blockAt } = long.node.store;
    long.node.store.blockAt = (height) => {
      readBlocks += 1;
      return blockAt(height);
    };
    const calls = callsTo(createGateway(long.deps));
    const page = async (before?: string) => {
      readBlocks = 0;
      const response = await calls.get(`/api/transactions?limit=10${before ? `&before=${before}` : ''}`);
      return transactionPageSchema.parse(await response.json());
    };
    const first = await page();
    expect([first.items.length, readBlocks <= SCAN_BLOCKS_MAX + 32]).toEqual([1, true]);
    const second = await page(first.next ?? '');
    expect([second.items.length, second.next]).toEqual([1, null]);
    expect((await page()).items).toHaveLength(2);
    expect(readBlocks).toBeLessThanOrEqual(2);
  });
});
