import type { PastCase } from '@dao-gov/node/protocol';
import { z } from 'zod';
import { joined } from './shared.ts';
import type { Tool } from './tool.ts';

const OUTCOME = {
  verified: { en: 'recovery measured', zh: '已测得恢复' },
  stood: { en: 'never refuted', zh: '未被推翻' },
} as const satisfies Readonly<Record<PastCase['outcome'], { readonly en: string; readonly zh: string }>>;

export const readPastCases: Tool<Record<string, never>, readonly PastCase[]> = {
  name: 'read_past_cases',
  description: {
    en: 'Earlier incidents of this chain with the same service or the same kind of fault, and what became of their claims.',
    zh: '查询本链上同一服务或同类故障的历史事件及其结果。',
  },
  schema: z.strictObject({}),
  run: async (_input, { pastCases }) => {
    const data = await pastCases();
    const told = data.map(({ incidentId, rootCause, faultKind, outcome }) => ({
      en: `${incidentId}: ${rootCause}, ${faultKind}, ${OUTCOME[outcome].en}`,
      zh: `${incidentId}：${rootCause}，${faultKind}，${OUTCOME[outcome].zh}`,
    }));
    return { data, text: joined(told, { en: 'no case alike', zh: '没有类似事件' }) };
  },
};
