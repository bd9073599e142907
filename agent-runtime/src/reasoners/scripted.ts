/** A reasoner that a test writes: single purposes are scripted, all others fall to another reasoner. */
import type { ToolBox } from '../tools/index.ts';
import type { Purpose, ReasonedIntent, Reasoner, ReasoningTask } from './reasoner.ts';

export type Script = {
  readonly [P in Purpose]?: (task: ReasoningTask, tools: ToolBox) => ReasonedIntent | Promise<ReasonedIntent>;
};

export function scriptedReasoner(script: Script, otherwise: Reasoner): Reasoner {
  return {
    name: 'scripted',
    decide: async (task, tools) => {
      const line = script[task.purpose];
      if (line === undefined) return otherwise.decide(task, tools);
      tools.thought({ en: 'I follow my script.', zh: '按脚本行事。' });
      const intent = await line(task, tools);
      tools.answer({ en: `Decided: ${intent.purpose}.`, zh: `已决定：${intent.purpose}。` });
      return intent;
    },
  };
}
