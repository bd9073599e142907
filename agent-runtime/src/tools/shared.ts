/** What several tools need. */
import { z } from 'zod';
import {
  type Bilingual,
  type Findings,
  figureText,
  type Lookup,
  lookup,
  type NodeFinding,
  type NodeStatus,
} from '../analysis/index.ts';
import { ToolError } from './tool.ts';

export const nodeName = z.string().min(1).max(200).describe('name of a service or endpoint, exactly as in the data');

export const NODES_PER_CALL_MAX = 12;

const STATUS_TEXT: Readonly<Record<NodeStatus, Bilingual>> = {
  anomalous: { en: 'abnormal', zh: '异常' },
  healthy: { en: 'normal', zh: '正常' },
  silent: { en: 'no data', zh: '无数据' },
};

/** @throws ToolError NODE_UNKNOWN: inventing a service is the mistake that must not go unnoticed */
export function knownNode(view: Lookup, name: string): NodeFinding {
  const finding = view.node(name);
  if (finding === null) {
    throw new ToolError('NODE_UNKNOWN', {
      en: `${name} appears nowhere in the captured data.`,
      zh: `采集的数据中没有 ${name}。`,
    });
  }
  return finding;
}

export const viewOf = (findings: Findings): Lookup => lookup(findings);

/** `food-buy (abnormal: error rate 100 %, latency 22220 ms)` */
export function nodeText(view: Lookup, { node, status }: NodeFinding): Bilingual {
  const state = STATUS_TEXT[status];
  const figures = figuresText(view, node, status);
  return figures === null
    ? { en: `${node} (${state.en})`, zh: `${node}（${state.zh}）` }
    : { en: `${node} (${state.en}: ${figures.en})`, zh: `${node}（${state.zh}：${figures.zh}）` };
}

const FIGURES_PER_NODE = 3;

function figuresText(view: Lookup, node: string, status: NodeStatus): Bilingual | null {
  const observed = view.seriesOf(node).filter(({ atAlert }) => atAlert !== null);
  const shown = (status === 'anomalous' ? view.quotedSeriesOf(node) : observed).slice(0, FIGURES_PER_NODE);
  if (shown.length === 0) return null;
  const texts = shown.map((series) => figureText(series, series.atAlert?.value ?? 0));
  return { en: texts.map(({ en }) => en).join(', '), zh: texts.map(({ zh }) => zh).join('、') };
}

export function joined(parts: readonly Bilingual[], nothing: Bilingual): Bilingual {
  if (parts.length === 0) return nothing;
  return { en: parts.map(({ en }) => en).join('; '), zh: parts.map(({ zh }) => zh).join('；') };
}

/** Thousandths as a percentage: 675 -> 67.5 % */
export const percent = (thousandths: number): string => `${thousandths / 10} %`;
