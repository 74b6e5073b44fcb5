// What a flood must not do.
import { percentile } from './flood.ts';
import type { FloodResult } from './flood.ts';

/** Longest that a fill may be without its stop, for 99 in 100 (milliseconds). */
const STOP_WITHIN_MS = 2_000;

/** What of a result holds on any machine, however busy: counts, and that nothing taken is lost. */
export const wrongIn = (result: FloodResult): readonly string[] => {
  const passed = result.offered - result.throttled;
  const held: readonly (readonly [boolean, string])[] = [
    [passed <= result.passedAtMost, `${passed} requests passed a throttle that lets through ${result.passedAtMost} at most`],
    [result.lostUpdates.length === 0, `updates that were answered 200 are lost: ${result.lostUpdates.join(', ')}`],
    [result.lostFills.length === 0, `fills are lost: ${result.lostFills.join(', ')}`],
    [result.stopAfterFill.every((each) => each >= 0), 'a fill has no stop'],
    [result.failures.length === 0, `functions failed: ${result.failures.join('; ')}`],
    [result.deadLetters.length === 0, `dead letters: ${JSON.stringify(result.deadLetters)}`],
  ];
  return held.flatMap(([holds, words]) => (holds ? [] : [words]));
};

/** What besides holds on a machine that keeps pace with the flood: the throttle gives what it promises, and stops are soon. */
export const lateIn = (result: FloodResult): readonly string[] => {
  const passed = result.offered - result.throttled;
  const late = percentile(result.stopAfterFill, 0.99);
  return [
    ...(passed >= result.passedAtLeast ? [] : [`${passed} requests passed a throttle that lets through ${result.passedAtLeast} at least`]),
    ...(late <= STOP_WITHIN_MS ? [] : [`stops stand ${late} ms after their fills (p99), expected ${STOP_WITHIN_MS} at most`]),
  ];
};

/** What is wrong where nothing was turned away. */
export const unthrottledIn = ({ throttled }: FloodResult): readonly string[] =>
  throttled > 0 ? [] : ['nothing was answered 429, expected a throttle'];
