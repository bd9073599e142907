import type { repairStepSchema } from '@dao-gov/node/protocol';
import { z } from 'zod';
import { type FaultKind, type RepairStep, repairPlan } from '../analysis/index.ts';
import { sentences } from '../core/evidence/text.ts';
import { knownNode, nodeName, viewOf } from './shared.ts';
import type { Tool } from './tool.ts';

export type RepairStepDocument = z.infer<typeof repairStepSchema>;

export interface RepairSteps {
  readonly rootCause: string;
  readonly faultKind: FaultKind;
  readonly summary: { readonly en: string; readonly zh: string };
  readonly steps: readonly RepairStepDocument[];
}

const STEPS_MAX = 50;

export const listRepairSteps: Tool<{ rootCause: string }, RepairSteps> = {
  name: 'list_repair_steps',
  description: {
    en: 'Structured steps that repair this root cause, each with a way to check it, its risk, and whether a person must approve it.',
    zh: '列出针对该根因的结构化修复步骤：检查方法、风险以及是否需要人工批准。',
  },
  schema: z.strictObject({ rootCause: nodeName }),
  run: async ({ rootCause }, context) => {
    const findings = await context.findings();
    const { node } = knownNode(viewOf(findings), rootCause);
    const plan = repairPlan(findings, node);
    const steps = plan.steps.slice(0, STEPS_MAX).map(documentOf);
    return {
      data: { rootCause: node, faultKind: plan.faultKind, summary: { en: plan.summary, zh: plan.summaryZh }, steps },
      text: {
        en: `${plan.summary} ${steps.length} steps: ${steps.map(({ action }) => action.en).join('; ')}`,
        zh: `${plan.summaryZh}共 ${steps.length} 步：${steps.map(({ action }) => action.zh).join('；')}`,
      },
    };
  },
};

function documentOf({ stepId, action, description, check, risk, needsApproval, zh }: RepairStep): RepairStepDocument {
  return {
    stepId,
    action: sentences({ en: action, zh: zh.action }),
    description: sentences({ en: description, zh: zh.description }),
    check: sentences({ en: check, zh: zh.check }),
    risk,
    needsApproval,
  };
}
