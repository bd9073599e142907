/** The seven views, one a role. */
import { alertSymptomView } from './alert-symptom.ts';
import { fixPlausibilityView } from './fix-plausibility.ts';
import { fusedView } from './fused.ts';
import { metricsOnlyView } from './metrics-only.ts';
import { pathConsistencyView } from './path-consistency.ts';
import { scopeTimingView } from './scope-timing.ts';
import { tracesView } from './traces.ts';
import type { Role, View } from './view.ts';

export const views: Readonly<Record<Role, View>> = {
  A1: alertSymptomView,
  A2: scopeTimingView,
  A3: metricsOnlyView,
  A4: tracesView,
  A5: fusedView,
  A6: pathConsistencyView,
  A7: fixPlausibilityView,
};

export { claimOf } from './claim.ts';
export { type Judgement, judge, type VoteOption } from './judge.ts';
export type { Role, View, ViewCandidate } from './view.ts';
