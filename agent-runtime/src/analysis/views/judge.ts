/** How a view votes on a claimed root cause. */
import {
  VOTE_AGAINST_PROBABILITY_MIN,
  VOTE_AGAINST_SHARE_MAX,
  VOTE_FOR_SHARE_MIN,
  VOTE_PROBABILITY_MIN,
} from '../constants.ts';
import type { Findings } from '../findings.ts';
import type { View, ViewCandidate } from './view.ts';

export type VoteOption = 'For' | 'Against' | 'Abstain';

export type Judgement = {
  readonly option: VoteOption;
  /** Thousandths: how probable the claim is for `For`, the preferred other cause for `Against`. */
  readonly confidence: number;
  readonly reason: string;
  readonly reasonZh: string;
};

/** A name that occurs nowhere in the data is refused outright. */
const INVENTED_CONFIDENCE = 1000;

export function judge(view: View, findings: Findings, claimedRootCause: string): Judgement {
  const claimed = findings.nodes.find(({ node }) => node === claimedRootCause);
  if (claimed === undefined) {
    return {
      option: 'Against',
      confidence: INVENTED_CONFIDENCE,
      reason: `${claimedRootCause} appears nowhere in the captured data`,
      reasonZh: `采集的数据中没有 ${claimedRootCause}`,
    };
  }
  const ranked = view.rank(findings);
  const favourite = ranked[0];
  const own = ranked.find(({ node }) => node === claimedRootCause);
  if (favourite === undefined || favourite.probability < VOTE_PROBABILITY_MIN * 1000) {
    return abstain(own, `nothing stands out by ${view.name}`, '该视角下没有突出的异常');
  }
  const share = (own?.probability ?? 0) / favourite.probability;
  if (own !== undefined && share >= VOTE_FOR_SHARE_MIN) {
    return { option: 'For', confidence: own.probability, reason: own.reason, reasonZh: own.reasonZh };
  }
  if (favourite.probability >= VOTE_AGAINST_PROBABILITY_MIN * 1000 && share <= VOTE_AGAINST_SHARE_MAX) {
    const doubt = objection(claimedRootCause, claimed.status);
    return {
      option: 'Against',
      confidence: favourite.probability,
      reason: `${doubt.en}; ${favourite.reason}`,
      reasonZh: `${doubt.zh}；${favourite.reasonZh}`,
    };
  }
  return abstain(
    own,
    `${favourite.node} is not clearly apart from ${claimedRootCause}: ${favourite.reason}`,
    `${favourite.node} 与 ${claimedRootCause} 难以区分：${favourite.reasonZh}`,
  );
}

function abstain(own: ViewCandidate | undefined, reason: string, reasonZh: string): Judgement {
  return { option: 'Abstain', confidence: own?.probability ?? 0, reason, reasonZh };
}

function objection(
  node: string,
  status: 'anomalous' | 'healthy' | 'silent',
): { readonly en: string; readonly zh: string } {
  switch (status) {
    case 'silent':
      return { en: `nothing observed points at ${node}`, zh: `没有任何观测数据指向 ${node}` };
    case 'healthy':
      return { en: `${node} was normal`, zh: `${node} 指标正常` };
    case 'anomalous':
      return { en: `${node} is the less likely cause`, zh: `${node} 可能性较低` };
  }
}
