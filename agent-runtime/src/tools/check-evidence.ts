import { z } from 'zod';
import { DISCREPANCIES_NAMED_MAX } from '../core/constants.ts';
import type { EvidenceCheck } from '../core/evidence/check-cited.ts';
import { joined } from './shared.ts';
import { type Tool, ToolError } from './tool.ts';

export const checkEvidence: Tool<Record<string, never>, EvidenceCheck> = {
  name: 'check_evidence',
  description: {
    en: 'Compares the evidence that the claim cites on chain with what you measure yourself.',
    zh: '将提案所引用的链上证据与自己测得的数据逐项核对。',
  },
  schema: z.strictObject({}),
  run: async (_input, { checkEvidence: check }) => {
    if (check === undefined) {
      throw new ToolError('NOTHING_CLAIMED', { en: 'There is no claim at hand.', zh: '当前没有待核对的提案。' });
    }
    const data = await check();
    const { compared, unreadable, discrepancies } = data;
    const missing =
      unreadable === 0
        ? { en: '', zh: '' }
        : { en: `; ${unreadable} blobs unreadable`, zh: `；${unreadable} 份无法读取` };
    const named = joined(discrepancies.slice(0, DISCREPANCIES_NAMED_MAX), { en: 'all match', zh: '全部一致' });
    return {
      data,
      text: {
        en: `${compared} figures and calls compared, ${discrepancies.length} differ: ${named.en}${missing.en}`,
        zh: `核对 ${compared} 项，${discrepancies.length} 项不符：${named.zh}${missing.zh}`,
      },
    };
  },
};
