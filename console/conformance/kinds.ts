import { reEntryKind, staleEntryKind, triggerKind } from './entry-kinds.ts';
import { latencyKind, retryKind, roundTripsKind } from './fill-kinds.ts';
import type { Kind } from './kind.ts';
import { fillProbabilityKind, gridKind, routerKind } from './level-kinds.ts';
import { constraintsKind, orderLifecycleKind } from './order-kinds.ts';
import { autoExitKind, positionSyncKind, stopPriceKind, trailKind } from './position-kinds.ts';
import { candidatesKind, capacityKind, distanceKind, fightKind, protectionKind } from './room-kinds.ts';
import { stealKind, stealSequenceKind } from './steal-kinds.ts';
import { expiryKind, marketHoursKind, probeKind, symbolsKind, toleranceKind } from './watch-kinds.ts';

/** Every kind of case that can be run, by name. */
export const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['distance', distanceKind],
  ['capacity', capacityKind],
  ['protection', protectionKind],
  ['candidates', candidatesKind],
  ['steal', stealKind],
  ['steal-sequence', stealSequenceKind],
  ['fight', fightKind],
  ['market-hours', marketHoursKind],
  ['tolerance', toleranceKind],
  ['symbols', symbolsKind],
  ['expiry', expiryKind],
  ['probe', probeKind],
  ['order-lifecycle', orderLifecycleKind],
  ['constraints', constraintsKind],
  ['trigger', triggerKind],
  ['stale-entry', staleEntryKind],
  ['re-entry', reEntryKind],
  ['stop-price', stopPriceKind],
  ['trail', trailKind],
  ['auto-exit', autoExitKind],
  ['position-sync', positionSyncKind],
  ['router', routerKind],
  ['grid', gridKind],
  ['fill-probability', fillProbabilityKind],
  ['round-trips', roundTripsKind],
  ['latency', latencyKind],
  ['retry', retryKind],
]);
