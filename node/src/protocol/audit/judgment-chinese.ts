import type { Phrases } from './judgment-phrases.ts';

const list = (items: readonly string[]): string => (items.length === 0 ? '无' : items.join('、'));

export const CHINESE: Phrases = {
  title: (incidentId, title) => `事件 ${incidentId}：${title}`,
  finished: (state, at, height) => `事件已结束：${state}，时间 ${at}，由区块 ${height} 证明。`,
  unfinished: (state, height, at) => `事件尚未结束。截至区块 ${height}（${at}），状态为${state}；以下内容仍可能变化。`,
  alert: ({ metric, node, source, at, priority }) =>
    `告警：${node} 的 ${metric}，时间 ${at}，来源 ${source}。优先级 ${priority}。`,
  observers: (people) => `观测者：${list(people)}。`,
  procedure: '流程步骤：',
  step: ({ number, step, by, at, height, transaction, evidence, summary }) =>
    `${number}. ${step}：由 ${by} 于 ${at} 执行，区块 ${height}，交易 ${transaction}。证据：${list(evidence)}。“${summary}”`,
  noClaim: '没有人提出根因。',
  claim: ({ round, proposer, rootCause, faultKind, probability, stake, reason, cites }) =>
    `第 ${round} 轮主张，提案者 ${proposer}：根因是 ${rootCause}（${faultKind}），概率 ${probability}，质押 ${stake} 代币。` +
    `理由：“${reason}” 所依据的证据：${list(cites)}。`,
  vote: (who, option, weight, stake, reason) => `${who}：${option}，权重 ${weight}，质押 ${stake}。“${reason}”`,
  sealedVote: (who, weight, stake) => `${who}：已提交密封票但未公开，权重 ${weight}，质押 ${stake}。`,
  noVote: (who, weight) => `${who}：未投票，权重 ${weight}。`,
  undecided: '尚未裁定。',
  decision: ({ passed, height, at, weightFor, weightAgainst, weightAbstain, eligible, support, participation }) =>
    `主张于区块 ${height}（${at}）${passed ? '获得通过' : '被否决'}：赞成权重 ${weightFor}，反对 ${weightAgainst}，` +
    `弃权 ${weightAbstain}，有权投票的总权重 ${eligible}。支持率 ${support}，参与率 ${participation}。`,
  overturned: (round, by) => `第 ${round} 轮主张曾获通过，后被${by}推翻。`,
  withheld: (who) => `${who} 是该告警的唯一观测者，评判自己的事件不得奖励。`,
  challenge: ({ round, challenger, bond, reason, newEvidence }) =>
    `对第 ${round} 轮主张的质疑，质疑者 ${challenger}，保证金 ${bond} 代币。理由：“${reason}” ` +
    `新证据：${list(newEvidence)}。赞成票表示该主张有误。`,
  challengeOpen: '该质疑仍在表决中。',
  challengeResult: (result, by) =>
    result === 'undecided'
      ? '该质疑未获裁定：主张维持，保证金已退还。'
      : `该质疑${result === 'upheld' ? '成立' : '不成立'}，由${by}裁定。`,
  report: (who, recovered, metrics, at) =>
    `${who} 于 ${at} 测得服务${recovered ? '已恢复' : '未恢复'}。证据：${metrics}。`,
  noRootCause: '各智能体未就根因达成一致。',
  rootCause: (node, faultKind) => `一致认定的根因：${node}（${faultKind}）。`,
  money: '代币变动：',
  movement: (kind, who, amount, reputation, reason, height) =>
    `${kind}：${who}，${amount} 代币${reputation > 0 ? `、信誉 ${reputation} 分` : ''}，${reason}，区块 ${height}。`,
  totals: ({ paid, fined, forfeited, slashed, burned, inEscrow, returned }) =>
    `合计：已支付 ${paid}，罚没 ${fined}，没收质押 ${forfeited}，削减质押 ${slashed}，销毁 ${burned}，托管中 ${inEscrow}，退回国库 ${returned}。`,
  states: {
    Init: '初始（Init）',
    Data_Collected: '数据已采集（Data_Collected）',
    Root_Cause_Proposed: '根因已提出（Root_Cause_Proposed）',
    Consensus: '已达成共识（Consensus）',
    Solution: '方案已提交（Solution）',
    Finalized: '已定案（Finalized）',
    Inconclusive: '无结论（Inconclusive）',
  },
  steps: {
    triage: '告警分级',
    schedule_tasks: '任务调度',
    submit_data_collection: '数据采集',
    submit_dependency_graph: '依赖关系图',
    submit_fault_assessment: '故障评估',
    propose_root_cause: '根因提案',
    submit_fault_web: '故障网络',
    submit_solution: '修复方案',
  },
  options: { For: '赞成', Against: '反对', Abstain: '弃权' },
  movements: {
    Reward: '奖励',
    Bounty: '赏金',
    GasRebate: 'Gas 返还',
    Penalty: '罚款',
    StakeForfeited: '没收质押',
    WorkPaid: '工作报酬',
    ChallengeGas: '返还 Gas',
    ChallengeReward: '质疑者奖励',
    BondPaid: '保证金付给提案者',
    StakeSlashed: '削减质押',
  },
  deciders: { vote: '投票', challenge: '质疑', outcome: '实测结果' },
  reasons: {
    proposal_passed: '主张获得通过',
    bounty: '根因赏金',
    supported_passed: '支持了获通过的主张',
    opposed_passed: '反对了获通过的主张',
    proposal_rejected: '主张被否决',
    supported_rejected: '支持了被否决的主张',
    vote_gas: '投票所付的 Gas',
    proposal: '主张的质押',
    vote: '密封票未公开',
    challenge: '质疑不成立的保证金',
    confidence: '正确判断的超额质押',
    claim_overturned: '提出了被推翻的主张',
    supported_overturned: '支持了被推翻的主张',
    opposed_upheld: '反对了成立的质疑',
    supported_failed: '支持了不成立的质疑',
    challenge_upheld: '质疑成立',
    challenge_failed: '质疑不成立',
    challenge_gas: '质疑或对其投票所付的 Gas',
    step: '步骤的报酬',
    step_gas: '步骤所付的 Gas',
    alert_gas: '告警所付的 Gas',
    outcome_gas: '结果报告所付的 Gas',
  },
};
