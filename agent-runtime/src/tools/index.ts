/** The tools that reasoners work with, one file each. They read telemetry and evidence; none can move tokens. */
export { assessFaultProbability } from './assess-fault-probability.ts';
export { buildFaultWeb } from './build-fault-web.ts';
export { checkEvidence } from './check-evidence.ts';
export { compareWithDownstream } from './compare-with-downstream.ts';
export { judgeClaim } from './judge-claim.ts';
export { listRepairSteps } from './list-repair-steps.ts';
export { queryDependencies } from './query-dependencies.ts';
export { queryLogs } from './query-logs.ts';
export { queryMetrics } from './query-metrics.ts';
export { queryTraces } from './query-traces.ts';
export { readAlerts } from './read-alerts.ts';
export { readPastCases } from './read-past-cases.ts';
export { type ToolAlert, type ToolContext, ToolError } from './tool.ts';
export { type AnyTool, ToolBox } from './toolbox.ts';
