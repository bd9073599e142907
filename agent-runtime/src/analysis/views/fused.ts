/** A5, Probability Oracle: the fused probability over all kinds of evidence. */
import { thousandths } from '../format.ts';
import { lookup } from '../lookup.ts';
import { figuresOf, type View } from './view.ts';

export const fusedView: View = {
  role: 'A5',
  name: 'fused probability',
  rank: (findings) => {
    const view = lookup(findings);
    return findings.candidates.map(({ node, probability }) => {
      const figures = figuresOf(view, node);
      const first = findings.rankings.filter(({ nodes }) => nodes[0]?.node === node).map(({ evidence }) => evidence);
      const leads = first.length > 0 ? first.join(', ') : 'none';
      return {
        node,
        probability: thousandths(probability),
        reason: `${node}: probability ${thousandths(probability)}/1000, first by: ${leads}; ${figures.en}`,
        reasonZh: `${node}：概率 ${thousandths(probability)}/1000，排名第一的证据：${leads}；${figures.zh}`,
      };
    });
  },
};
