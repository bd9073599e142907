/**
 * Every threshold of the root-cause engine. All are relative to a capture's own history or to the natural scale of a
 * unit; none knows a service, a metric name or a data set.
 */

const MINUTE_MS = 60_000;

/** The incident may have begun this long before its alert fired: alert rules average over some minutes. */
export const INCIDENT_LEAD_MS_MAX = 10 * MINUTE_MS;
/** ... but it may not eat up a short capture's history. */
export const INCIDENT_LEAD_SHARE_MAX = 0.25;

/** ... unless much of what was observed changed earlier: then up to this share. */
export const INCIDENT_LEAD_SHARE_LONG = 0.55;
/** A break that is this many standard errors high is hardly chance, even in series that are smoothed over some steps ... */
export const BREAK_ERRORS_MIN = 20;
/** ... and beyond this it says nothing more. */
export const BREAK_ERRORS_MAX = 60;
/** Share of all breaks, by weight, that may be older than the incident. */
export const BREAKS_EARLY_SHARE = 0.25;

/** What happens long after an alert is its repair, or another incident. */
export const INCIDENT_TAIL_MS_MAX = 30 * MINUTE_MS;
/** With fewer sampling steps than this between the earliest possible beginning and the alert, each of them counts. */
export const COARSE_STEPS_MIN = 4;
/** The level before the incident is taken from this time at most: long enough for a median, shorter than a daily shape. */
export const LEVEL_WINDOW_MS = 60 * MINUTE_MS;
/** After a longer gap than this many steps the level may be another one. */
export const GAP_STEPS_MAX = 12;
/** Observations that a mean of either side is taken over, at most, when usual differences are measured. */
export const CHANGE_SPAN_MAX = 30;
/** Fewer differences than this tell nothing of their tail. */
export const NULL_DIFFERENCES_MIN = 8;
/** Rank of the usual differences that is taken for their scale, and where that rank lies in normal noise. */
export const NULL_RANK = 0.95;
export const NULL_RANK_SIGMAS = 1.96;
/** Only what exceeds this many standard deviations of usual differences counts as excess. */
export const EXCESS_SIGMAS = 2;

/** Fewer observations than this do not show what is normal. */
export const BASELINE_SAMPLES_MIN = 3;

/** Makes the median absolute deviation of normal noise equal to its standard deviation. */
export const MAD_TO_SIGMA = 1.4826;
/** Makes the interquartile range of normal noise equal to its standard deviation. */
export const IQR_TO_SIGMA = 1 / 1.349;

/** Ranks between which nine tenths of the history lie: heavy tails that are usual are not anomalies. */
export const TAIL_RANKS = { low: 0.05, high: 0.95 } as const;
/** Makes the distance of such a rank from the median of normal noise equal to its standard deviation. */
export const TAIL_TO_SIGMA = 1 / 1.645;

/** A spread below 5 % of the usual level is quieter than any service that matters: keeps z finite on constant series. */
export const SPREAD_FLOOR_RELATIVE = 0.05;
/** A change of one hundredth of the full scale is the least that counts as one step on bounded units. */
export const SPREAD_FLOOR_FULL_SCALE_SHARE = 0.01;
/** Error counters are usually exactly zero; one error is the least step. */
export const SPREAD_FLOOR_COUNT = 1;

/** Well outside normal noise even for the worst of some dozen observations. */
export const ANOMALY_Z_MIN = 5;
/** Beyond this, a larger z says nothing more. */
export const Z_MAX = 1_000_000;
/** From this many incident observations on, the most extreme one is ignored as a possible glitch. */
export const GLITCH_SAMPLES_MIN = 4;
/** A run of harmful observations goes on while z stays above this share of the anomaly threshold. */
export const ONSET_Z_SHARE = 0.7;
/** Doublings of z/threshold at which evidence is complete. */
export const STRENGTH_DOUBLINGS = 12;

/** How far each symptom, at full strength, speaks for trouble in the node that shows it. */
export const SYMPTOM_WEIGHT = { errors: 0.95, latency: 0.9, saturation: 0.75, traffic: 0.35, other: 0.3 } as const;

/**
 * How far each symptom of a node can bring about the symptom that raised the alert: slow answers seldom come of fast
 * failures, failures often of slow answers (timeouts), and either of a full resource.
 */
export const SYMPTOM_RELEVANCE = {
  latency: { errors: 0.6, latency: 1, saturation: 1, traffic: 1, other: 1 },
  errors: { errors: 1, latency: 0.6, saturation: 0.8, traffic: 0.8, other: 0.8 },
  saturation: { errors: 0.5, latency: 0.7, saturation: 1, traffic: 1, other: 0.8 },
  traffic: { errors: 1, latency: 0.8, saturation: 0.8, traffic: 1, other: 0.8 },
  other: { errors: 1, latency: 1, saturation: 1, traffic: 1, other: 1 },
} as const;

/** A node that takes less than this share of the alerting node's traffic can hardly move what that node's users see. */
export const IMPACT_TRAFFIC_SHARE = 0.02;
/** ... but rare calls may still hold a lock or a lease: the severity keeps at least this much. */
export const IMPACT_MIN = 0.3;

/** Two onsets closer than this many sampling steps happened together. */
export const ONSET_TOLERANCE_STEPS = 1.5;
/** A callee that fell ill clearly later explains its caller only to this degree. */
export const LATE_CALLEE_FACTOR = 0.4;
/** A callee with this share of its caller's severity explains it fully: delays add up on the way, causes may be milder. */
export const EXPLAINING_SHARE = 0.5;
/** No explanation is complete: a caller keeps this much of its own suspicion. */
export const EXPLAINED_MAX = 0.9;
/** What a caller shows of its own resources is not explained by waiting for a callee whose resources are fine. */
export const OWN_SATURATION_FACTOR = 0.6;

/** Rounds of passing blame down the graph; what still circulates then is negligible. */
export const BLAME_ROUNDS_MAX = 64;
export const BLAME_REST_MIN = 1e-6;

/**
 * How far each kind of evidence counts. Amounts count most; departures from a node's own history, which a node that
 * matters to nobody can show as well, least.
 */
export const EVIDENCE_WEIGHT = {
  flow: 1,
  symptom: 0.5,
  spans: 0.5,
  resources: 0.25,
  logs: 0.2,
  residual: 0.1,
  blame: 0.1,
  severity: 0.1,
  onset: 0.15,
} as const;
/** No kind of evidence makes a suspect less likely than this by itself. */
export const EVIDENCE_SHARE_MIN = 0.01;
/** Evidence is not quite independent, so that shares are pooled a little more cautiously than multiplied. */
export const POOL_SHARPNESS = 1;
/** An onset this many steps later is half as telling. */
export const ONSET_HALVING_STEPS = 4;
/** Where this share of the alert comes to rest there is a suspect, however little it departs from its own history. */
export const SUSPECT_FLOW_MIN = 0.05;

/** No finding is certain. */
export const CERTAINTY_MAX = 0.98;
/** Below this probability nothing stands out. */
export const VERDICT_PROBABILITY_MIN = 0.4;
/** Coefficients of calibration.ts, as `npm run eval -- --calibrate` fits them on simulated incidents. */
export const CALIBRATION = { constant: -4.54, share: 0.42, suspect: 3.79, shown: 2.67 } as const;
/** Shares outside these say no more than the bounds. */
export const SHARE_MIN = 0.02;
export const SHARE_MAX = 0.998;

/** Two error records of a log, or two failed spans, are still noise. */
export const EVENT_STRENGTH_HALF = 3;
/** A span's self time must grow by this share before it is evidence. */
export const SELF_TIME_GROWTH_MIN = 0.5;
/** ... and by this many standard errors of its mean, as a handful of spans scatters. */
export const SELF_TIME_SIGMAS = 4;
/** Neither slowness nor failures of spans are proof alone. */
export const SPAN_SIGN_WEIGHT = 0.9;
/** Callers log the failures of their callees too, so that error logs point less exactly than metrics and spans. */
export const LOG_SIGN_WEIGHT = 0.5;

/** A node is anomalous from this severity on: about one clear latency or error series. */
export const ANOMALOUS_SEVERITY_MIN = 0.05;
/** Series with at least this share of a node's strongest evidence say when its trouble began. */
export const ONSET_STRENGTH_SHARE = 0.5;
/** A resource or error symptom with this share of the strongest one names the fault; slowness follows from both. */
export const FAULT_KIND_SHARE = 0.4;
/** How far trouble of a callee that its callers cannot feel directly explains theirs. */
export const SATURATED_CALLEE_FACTOR = 0.7;
export const INDIRECT_CALLEE_FACTOR = 0.3;

/** Blobs on chain hold 256 KiB; a product leaves room for its envelope. */
export const PRODUCT_BYTES_MAX = 200 * 1024;
/** Metrics of one node in a snapshot; the most telling ones. */
export const SNAPSHOT_METRICS_PER_NODE = 12;
/** Candidates in an assessment; more would only be noise to a voter. */
export const ASSESSMENT_CANDIDATES_MAX = 10;

/** An agent claims what its own view alone shows only when it holds that to be the cause rather than not. */
export const OWN_CLAIM_PROBABILITY_MIN = 0.5;

/** A view that is less sure than this of its favourite has no opinion. */
export const VOTE_PROBABILITY_MIN = 0.15;
/** A claim within this share of the view's favourite is as good as it. */
export const VOTE_FOR_SHARE_MIN = 0.8;
/**
 * A view rejects a claim only when it is this sure of its favourite: it is one kind of evidence against a claim that
 * rests on all of them, and soon after an alert each kind by itself has seen little ...
 */
export const VOTE_AGAINST_PROBABILITY_MIN = 0.7;
/** ... and the claim has at most this share of that. */
export const VOTE_AGAINST_SHARE_MAX = 0.5;

/** A reason names the strongest figures, not all of them. */
export const REASON_FIGURES_MAX = 3;
/** Healthy or silent callees that a reason names. */
export const REASON_CONTRASTS_MAX = 2;

/** Turns the weights of a view into shares: a suspect twice as suspicious is four times as probable. */
export const VIEW_SHARPNESS = 2;

/** Logs worth reading begin before the first alert could fire ... */
export const REPAIR_LOGS_BEFORE_MS = 15 * MINUTE_MS;
/** ... and end once the symptom is well established. */
export const REPAIR_LOGS_AFTER_MS = 5 * MINUTE_MS;
/** A repaired metric is back within this many robust deviations of its usual level. */
export const RECOVERY_DEVIATIONS = 3;
/** Bounds that a person can watch. */
export const RECOVERY_BOUNDS_MAX = 6;
/** Fewer observations than this after the fix may all lie between two bad moments. */
export const RECOVERY_SAMPLES_MIN = 3;
/** ... and they must lie this far apart, as a share of the time that the symptom must be away for. */
export const RECOVERY_COVERED_SHARE_MIN = 0.5;

/** A node keeps at least this share of what it lost: metrics of callees are never so exact that nothing is left. */
export const STAYING_SHARE_MIN = 0.1;
/** How far the loss of the other kind counts for an alert about latency, or about errors. */
export const OTHER_SYMPTOM_SHARE = 0.15;
/** A node that fails this share of its requests is in trouble of its own, however often it is called. */
export const FAILING_SHARE_MIN = 0.05;
/** Calls that grew by this factor are the caller's doing. */
export const TRAFFIC_GROWTH_MIN = 1.5;

/** Growth by this share of the usual level is half of what size can tell; a doubling is nearly all. */
export const GROWTH_HALF = 0.5;
/** Standard deviations beyond the limit of noise that halve the doubt. */
export const SIGMAS_HALF = 2;
/** Where no metric counts requests, a share of failures is taken to be of this many. */
export const REQUESTS_GUESSED = 100;
/** Whose observations end with the incident has crashed, or its monitoring has. */
export const VANISHED_EVIDENCE = 0.9;
/** How far a loss beyond noise speaks for trouble, in relation to the departure of single series. */
export const LOSS_SIGN_WEIGHT = 0.5;
/** A node that misses this many steps in a row, while others are heard, is down; one alone may be a scrape that failed. */
export const DOWN_STEPS_MIN = 2;
/** Silence means something once this many observations are missing ... */
export const VANISHED_STEPS_MIN = 4;
/** ... of a node that was heard for nearly all of these steps before ... */
export const VANISHED_RUN_STEPS = 10;
export const VANISHED_RUN_SHARE_MIN = 0.7;
/** ... and was not heard after this share of the incident. */
export const VANISHED_HEARD_SHARE_MAX = 0.25;
/** Observations outside these ranks are pulled in to them before a break is looked for. */
export const WINSOR_RANKS = { low: 0.02, high: 0.98 } as const;
/** Share of failures that is half as alarming as any larger one. */
export const FAILING_SHARE_HALF = 0.005;
/** Kinds of messages remembered of one node. */
export const LOG_TEMPLATES_MAX = 10_000;
/** New kinds of messages are also what a deployment brings. */
export const NEW_TEMPLATE_WEIGHT = 0.6;
/** Traffic that grew by this factor is itself what is wrong. */
export const FAULT_KIND_TRAFFIC_GROWTH = 1.8;
/** Sharpens which end of a slow link covers more lost time: twice as much counts four times. */
export const WIRE_SHARPNESS = 2;
/** A cache that misses this much more of its lookups spares what is behind it no longer. */
export const MISSED_SHARE_MIN = 0.15;
/** A resource is what is wrong when its use grew this many times more than the requests did ... */
export const RESOURCE_GROWTH_MIN = 2;
/** ... and memory, which requests hardly move, when it grew by this share. */
export const MEMORY_GROWTH_MIN = 0.2;
/** Share of its loss on the way to or from a node that makes the network its fault. */
export const ON_WIRES_SHARE_MIN = 0.5;
/** Of fewer observations it cannot be told whether what they show goes on. */
export const LASTING_OBSERVATIONS_MIN = 4;
/** Failing requests that take this many times their usual time longer fail of their slowness. */
export const SLOW_FAILURE_GROWTH = 2;
/** An alert is raised on what was observed in the last few steps, or would have been with the next. */
export const ALERT_STEPS_BEFORE = 3;
export const ALERT_STEPS_AFTER = 1;
/** Deviations around the alert beyond which more of them say nothing more. */
export const ALERT_DEVIATIONS_MAX = 30;
/** Part of a node's trouble that callers with more requests must account for, to excuse it altogether. */
export const EXCUSED_MIN = 0.75;
