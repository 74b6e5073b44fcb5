// Every alarm of a stage.
import type { AlarmSpec } from './alarm-spec.ts';
import { HEARTBEAT_ALARMS } from './heartbeat-alarms.ts';
import { PLATFORM_ALARMS } from './platform-alarms.ts';
import { spendAlarm } from './spend-alarm.ts';
import type { SpendTerms } from './spend-alarm.ts';
import { TRADING_ALARMS } from './trading-alarms.ts';

/** Lists the alarms of a stage, those about money at risk first. */
export const alarmsOf = (terms: SpendTerms): readonly AlarmSpec[] => [
  ...TRADING_ALARMS,
  ...PLATFORM_ALARMS,
  ...HEARTBEAT_ALARMS,
  spendAlarm(terms),
];
