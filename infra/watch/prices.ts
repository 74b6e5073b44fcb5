// What AWS asks for, US dollars in us-east-1, as published in 2026; another region costs up to a third more.

/** By use. */
export const PRICES = {
  readUnit: 0.125e-6,
  writeUnit: 0.625e-6,
  lambdaRequest: 0.2e-6,
  /** A millisecond of a function with 512 MB on arm64. */
  lambdaMillisecond: 0.0000133334 * 0.5 * 1e-3,
  logByte: 0.5 / 1024 ** 3,
  apiRequest: 1e-6,
} as const;

/** By the month, whatever happens: metrics and alarms, the dashboard, keys, secrets, and queues that are asked while they are empty. */
export const FIXED_MONTHLY = {
  alarms: 9,
  metrics: 27,
  dashboard: 3,
  keysAndSecrets: 4,
  queuePolls: 3,
} as const;

/** A NAT gateway with its address, which a fixed egress address needs. */
export const FIXED_EGRESS_MONTHLY = 37;

export const DAYS_OF_MONTH = 30;
