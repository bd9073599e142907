/** What to do about each kind of fault, in both languages. Steps name a way to check them and the risk they carry. */
import type { FaultKind } from '../findings.ts';
import type { Bilingual } from '../wording.ts';

export type Risk = 'low' | 'medium' | 'high';

export type StepDraft = {
  readonly action: Bilingual;
  readonly description: Bilingual;
  readonly check: Bilingual;
  readonly risk: Risk;
  readonly needsApproval: boolean;
};

/** What the steps may quote; every text names figures and services of the case itself. */
export type RepairContext = {
  readonly node: string;
  readonly alertNode: string;
  readonly figures: Bilingual;
  readonly from: string;
  readonly to: string;
  readonly healthyCallees: Bilingual;
  readonly silentCallees: Bilingual | null;
  readonly recovery: Bilingual;
};

export function confirmSteps(context: RepairContext): readonly StepDraft[] {
  const { node, figures, from, to, healthyCallees, silentCallees } = context;
  const unseenEn = silentCallees === null ? '' : ` Nothing was observed of ${silentCallees.en}: probe it by hand.`;
  const unseenZh = silentCallees === null ? '' : `${silentCallees.zh} 没有观测数据，需人工探测。`;
  return [
    {
      action: { en: 'Confirm the symptom and read resource use', zh: '确认症状并检查资源占用' },
      description: {
        en: `Compare the present figures of ${node} with those of the alert (${figures.en}); read processor, memory, disk and network use of its instances from ${from} to ${to}, and note restarts.`,
        zh: `将 ${node} 当前指标与告警时刻（${figures.zh}）对比；查看 ${from} 至 ${to} 期间各实例的 CPU、内存、磁盘与网络占用及重启记录。`,
      },
      check: {
        en: 'The symptom is still there, or the time it ended is known.',
        zh: '症状仍然存在，或已知其结束时间。',
      },
      risk: 'low',
      needsApproval: false,
    },
    {
      action: { en: 'Read the logs of the incident', zh: '分析日志与错误信息' },
      description: {
        en: `Collect the logs of ${node} from ${from} to ${to}; group errors and stack traces by type and compare with the hour before.`,
        zh: `提取 ${node} 在 ${from} 至 ${to} 的日志，按类型归并错误与异常堆栈，并与此前一小时对比。`,
      },
      check: { en: 'The dominant error type is named, or there is none.', zh: '已确定主要错误类型，或确认没有错误。' },
      risk: 'low',
      needsApproval: false,
    },
    {
      action: { en: 'Rule out the dependencies', zh: '检查依赖服务健康性' },
      description: {
        en: `Downstream of ${node}: ${healthyCallees.en}.${unseenEn} Check its data stores, caches and outside services too.`,
        zh: `${node} 的下游：${healthyCallees.zh}。${unseenZh}同时检查其数据库、缓存与外部服务。`,
      },
      check: {
        en: `Every dependency of ${node} answers a probe in its usual time.`,
        zh: `${node} 的每个依赖都能在正常时间内响应探测。`,
      },
      risk: 'low',
      needsApproval: false,
    },
  ];
}

type Remedy = (context: RepairContext) => readonly StepDraft[];

const exhausted: Remedy = ({ node, figures }) => [
  {
    action: { en: 'Relieve the exhausted resource', zh: '缓解资源耗尽' },
    description: {
      en: `Add instances of ${node} or raise the limit that is reached (${figures.en}), within what its own data store can bear.`,
      zh: `扩容 ${node} 或提高已达上限的资源配额（${figures.zh}），并以其数据库可承受为限。`,
    },
    check: {
      en: 'Use of the resource falls clearly below its limit under the same load.',
      zh: '同等负载下资源占用明显低于上限。',
    },
    risk: 'medium',
    needsApproval: true,
  },
  {
    action: { en: 'Find what holds the resource', zh: '查明资源占用者' },
    description: {
      en: `Look in ${node} for connections, threads or memory that are taken and not given back, and for callers that retry without a limit.`,
      zh: `检查 ${node} 中占用而未释放的连接、线程或内存，以及无上限重试的调用方。`,
    },
    check: { en: 'Use of the resource no longer grows at constant load.', zh: '恒定负载下资源占用不再增长。' },
    risk: 'low',
    needsApproval: false,
  },
];

const REMEDY: Readonly<Record<FaultKind, Remedy>> = {
  errors: ({ node, from }) => [
    {
      action: { en: 'Undo the latest change', zh: '回滚最近的变更' },
      description: {
        en: `List deployments, configuration and schema changes of ${node} before ${from}; roll back the last one that came before the errors.`,
        zh: `列出 ${node} 在 ${from} 之前的部署、配置与表结构变更，回滚错误出现前的最后一次变更。`,
      },
      check: {
        en: `New requests to ${node} succeed on one rolled-back instance.`,
        zh: `回滚后的实例上，${node} 的新请求成功。`,
      },
      risk: 'medium',
      needsApproval: true,
    },
    {
      action: { en: 'Repair the failing code path', zh: '排查并修复出错的代码路径' },
      description: {
        en: `Follow the dominant error of ${node} to its source: transaction and lock handling, timeouts of its data store, validation of inputs, expired credentials.`,
        zh: `沿 ${node} 的主要错误定位源头：事务与锁处理、数据库超时、输入校验、凭证过期。`,
      },
      check: { en: 'A test that fails without the fix passes with it.', zh: '存在一个修复前失败、修复后通过的测试。' },
      risk: 'medium',
      needsApproval: true,
    },
  ],
  latency: ({ node, alertNode }) => [
    {
      action: { en: 'Find the slow operation', zh: '定位慢操作' },
      description: {
        en: `Sample traces and a profile of ${node}: slow queries, missing indexes, lock waits, garbage collection, cold caches.`,
        zh: `对 ${node} 采样调用链并做性能剖析：慢查询、缺失索引、锁等待、垃圾回收、缓存失效。`,
      },
      check: { en: 'One operation accounts for most of the added time.', zh: '已确认占新增耗时大部分的操作。' },
      risk: 'low',
      needsApproval: false,
    },
    {
      action: { en: 'Shorten the wait of callers', zh: '缩短调用方等待' },
      description: {
        en: `Give the calls from ${alertNode} towards ${node} a timeout near their usual duration and a circuit breaker, so that callers degrade instead of queueing.`,
        zh: `为 ${alertNode} 到 ${node} 的调用设置接近平时耗时的超时与熔断，使调用方降级而不是排队。`,
      },
      check: {
        en: `${alertNode} answers in time while ${node} is still slow.`,
        zh: `${node} 仍慢时，${alertNode} 能按时响应。`,
      },
      risk: 'medium',
      needsApproval: true,
    },
  ],
  saturation: exhausted,
  cpu: exhausted,
  memory: exhausted,
  load: ({ node }) => [
    {
      action: { en: 'Find where the traffic changed', zh: '定位流量变化来源' },
      description: {
        en: `Split the requests of ${node} by caller and operation and compare with the hour before; look for retries, jobs and changed routing.`,
        zh: `按调用方与操作拆分 ${node} 的请求并与此前一小时对比，排查重试、定时任务与路由变更。`,
      },
      check: { en: 'The caller or route that changed is named.', zh: '已确定发生变化的调用方或路由。' },
      risk: 'low',
      needsApproval: false,
    },
    {
      action: { en: 'Restore the usual flow', zh: '恢复正常流量' },
      description: {
        en: `Limit the rate of the caller that floods ${node}, or restore the route that no longer reaches it.`,
        zh: `对冲击 ${node} 的调用方限流，或恢复不再到达它的路由。`,
      },
      check: {
        en: `The request rate of ${node} is back at its usual level.`,
        zh: `${node} 的请求速率恢复到平时水平。`,
      },
      risk: 'medium',
      needsApproval: true,
    },
  ],
  crash: ({ node, from }) => [
    {
      action: { en: 'Bring the node back', zh: '恢复节点运行' },
      description: {
        en: `Read why the instances of ${node} ended after ${from} (exit codes, memory kills, failed probes), then start them again one at a time.`,
        zh: `查明 ${node} 的实例在 ${from} 之后退出的原因（退出码、内存超限、探针失败），再逐个重新启动。`,
      },
      check: {
        en: `${node} answers its readiness probe and is scraped again.`,
        zh: `${node} 通过就绪探测并恢复上报指标。`,
      },
      risk: 'medium',
      needsApproval: true,
    },
    {
      action: { en: 'Keep callers going without it', zh: '保证调用方可降级' },
      description: {
        en: `Let the callers of ${node} fail over or degrade until it is stable.`,
        zh: `在 ${node} 稳定之前，让其调用方切换或降级。`,
      },
      check: { en: 'Callers answer, if with less.', zh: '调用方可以返回（降级）结果。' },
      risk: 'medium',
      needsApproval: true,
    },
  ],
  network: ({ node, from }) => [
    {
      action: { en: 'Find the slow path', zh: '定位异常网络路径' },
      description: {
        en: `Measure round trips and retransmissions between ${node} and its neighbours, and list network policies, proxies and routes changed before ${from}.`,
        zh: `测量 ${node} 与上下游之间的往返时延与重传，列出 ${from} 之前变更的网络策略、代理与路由。`,
      },
      check: { en: 'One path accounts for the added time.', zh: '已确认造成新增耗时的路径。' },
      risk: 'low',
      needsApproval: false,
    },
    {
      action: { en: 'Go round it', zh: '绕开异常路径' },
      description: {
        en: `Move ${node} off the affected host or link, or undo the change of the network.`,
        zh: `将 ${node} 迁离受影响的主机或链路，或回滚网络变更。`,
      },
      check: { en: `Round trips to ${node} are back to usual.`, zh: `到 ${node} 的往返时延恢复正常。` },
      risk: 'medium',
      needsApproval: true,
    },
  ],
  dependency: ({ node }) => [
    {
      action: { en: 'Probe what it depends on', zh: '探测外部依赖' },
      description: {
        en: `Call each outside service of ${node} by hand, from the same network, and read the state that its provider publishes.`,
        zh: `在同一网络内逐个手动调用 ${node} 的外部依赖，并查看其服务状态公告。`,
      },
      check: { en: 'The failing dependency is named.', zh: '已确定故障的依赖。' },
      risk: 'low',
      needsApproval: false,
    },
    {
      action: { en: 'Switch it or do without', zh: '切换或降级依赖' },
      description: {
        en: `Point ${node} at another instance or provider, or switch the feature off that needs it.`,
        zh: `将 ${node} 切换到其他实例或供应方，或关闭依赖该服务的功能。`,
      },
      check: { en: `New requests to ${node} succeed.`, zh: `${node} 的新请求成功。` },
      risk: 'medium',
      needsApproval: true,
    },
  ],
  unknown: ({ node }) => [
    {
      action: { en: 'Observe more closely', zh: '补充观测' },
      description: {
        en: `Raise the log level of ${node} and sample its traces for ten minutes: what is known so far does not name the kind of fault.`,
        zh: `提高 ${node} 的日志级别并采样调用链十分钟：现有数据不足以判断故障类型。`,
      },
      check: { en: 'The kind of fault is known and the plan is revised.', zh: '故障类型已明确，并据此修订方案。' },
      risk: 'low',
      needsApproval: false,
    },
  ],
};

export function remedySteps(kind: FaultKind, context: RepairContext): readonly StepDraft[] {
  return REMEDY[kind](context);
}

export function closingSteps({ node, alertNode, recovery }: RepairContext): readonly StepDraft[] {
  return [
    {
      action: { en: 'Restart gracefully if a passing fault is found', zh: '如为临时性故障则优雅重启' },
      description: {
        en: `If an instance of ${node} hangs or leaks, drain and restart the instances one at a time.`,
        zh: `若 ${node} 的实例卡死或泄漏，逐个摘流并重启实例。`,
      },
      check: {
        en: 'Each instance passes its readiness probe before the next one is drained.',
        zh: '每个实例就绪后再处理下一个。',
      },
      risk: 'high',
      needsApproval: true,
    },
    {
      action: { en: 'Verify the recovery and keep watching', zh: '监控并验证恢复' },
      description: {
        en: `Watch ${node} and ${alertNode} for 30 minutes after the repair and alert when they leave these bounds: ${recovery.en}.`,
        zh: `修复后持续监控 ${node} 与 ${alertNode} 30 分钟，超出以下范围即告警：${recovery.zh}。`,
      },
      check: { en: `All hold for 30 minutes: ${recovery.en}.`, zh: `持续 30 分钟满足：${recovery.zh}。` },
      risk: 'low',
      needsApproval: false,
    },
  ];
}
