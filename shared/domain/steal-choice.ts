import { type CandidateOrder, rankCandidates } from './candidates.ts';
import { notional, remainingNotional } from './capacity-room.ts';
import { type Decimal, ZERO } from './decimal.ts';
import { distanceOf, isWithin } from './distance.ts';
import { type FightSettings, type FightVerdict, type PastSteal, judgeFight } from './fight.ts';
import type { Millis } from './instant.ts';
import type { Mode, ProtectionSettings } from './protection.ts';
import { type Quote, isUsableQuote } from './quote.ts';
import type { Settings } from './settings.ts';
import { type Side, isThrough } from './side.ts';
import type { AssetClass } from './symbols.ts';

/** Room left in the account, null when unknown, and in the thief's own class (WS-13), null where it has no cap of its own. */
export interface Room {
  readonly free: Decimal | null;
  readonly freeOfClass: Decimal | null;
  readonly assetClass: AssetClass;
}

/** A watch that wants room; without a limit it counts at its last quote. */
export interface Thief {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly side: Side;
  readonly mode: Mode;
  readonly limit: Decimal | null;
  readonly quote: Quote | null;
  readonly quantity: Decimal;
  readonly forecastPnl: Decimal | null;
}

/** The settings of stealing. */
export type StealSettings = ProtectionSettings &
  FightSettings &
  Pick<Settings, 'workStealingEnabled' | 'workStealingDryRun' | 'workStealingTolerance'>;

/** Everything a steal is chosen from. */
export interface StealInput {
  readonly room: Room;
  readonly thief: Thief;
  readonly orders: readonly CandidateOrder[];
  readonly history: readonly PastSteal[];
  readonly settings: StealSettings;
  readonly now: Millis;
}

/** Both sides of a steal as they stood; money in quote currency, distances as ratios. */
export interface VictimChoice {
  readonly victim: CandidateOrder;
  readonly release: Decimal;
  readonly needed: Decimal;
  readonly thiefDistance: Decimal;
  readonly victimDistance: Decimal;
}

/** Why a thief gets no room, without a victim having been found. */
export type StealRefusal = 'STEALING_DISABLED' | 'NO_QUOTE' | 'NOT_READY' | 'NO_VICTIM_LARGE_ENOUGH';

/** What becomes of one attempt to get room. */
export type StealChoice =
  | { readonly outcome: 'CLAIM'; readonly needed: Decimal }
  | (VictimChoice & { readonly outcome: 'STEAL' | 'WOULD_STEAL'; readonly fight: boolean; readonly cooldownSeconds: number })
  | { readonly outcome: 'REFUSE'; readonly reason: 'CAPACITY_UNKNOWN'; readonly needed: Decimal | null }
  | { readonly outcome: 'REFUSE'; readonly reason: StealRefusal; readonly needed: Decimal }
  | (VictimChoice & { readonly outcome: 'REFUSE'; readonly reason: 'FIGHT_LOST' });

/** Chooses between a claim, one victim and a refusal (WS-5), checking the reasons in the order of WS-6; in a dry run it only reports (WS-9). */
export function chooseSteal(input: StealInput): StealChoice {
  const { free } = input.room;
  const needed = neededBy(input.thief);
  if (free === null || needed === null) return { outcome: 'REFUSE', reason: 'CAPACITY_UNKNOWN', needed };
  if (fitsWith(input.room, free, needed, null)) return { outcome: 'CLAIM', needed };
  if (!input.settings.workStealingEnabled) return { outcome: 'REFUSE', reason: 'STEALING_DISABLED', needed };
  return stealOrRefuse(input, free, needed);
}

/** Tells whether a thief is near enough to its own limit to steal (WS-6). */
export function isReadyToSteal(
  thief: Pick<Thief, 'side' | 'limit' | 'quote'>,
  settings: Pick<Settings, 'workStealingTolerance' | 'workStealingDistance' | 'quoteMaxAgeSeconds'>,
  now: Millis,
): boolean {
  if (thief.limit === null || !thief.limit.greaterThan(0) || !isUsableQuote(thief.quote, now, settings)) return false;
  const { price } = thief.quote;
  if (isWithin(thief.limit, price, settings.workStealingTolerance)) return true;
  return settings.workStealingDistance === 'side-aware' && isThrough(thief.side, thief.limit, price);
}

/** Counts what a victim's cancel gives back (WS-5, WS-8): its unfilled quantity at its limit, quote currency. */
export function releaseOf(victim: Pick<CandidateOrder, 'quantity' | 'filledQuantity' | 'limit'>): Decimal {
  return remainingNotional({ ...victim, lastPrice: null }) ?? ZERO;
}

function stealOrRefuse(input: StealInput, free: Decimal, needed: Decimal): StealChoice {
  const { thief, settings, now } = input;
  const thiefDistance = distanceOf(thief.limit, thief.quote, now, settings);
  if (thiefDistance === null) return { outcome: 'REFUSE', reason: 'NO_QUOTE', needed };
  if (!isReadyToSteal(thief, settings, now)) return { outcome: 'REFUSE', reason: 'NOT_READY', needed };
  const { candidates } = rankCandidates(thief.symbol, input.orders, settings, now);
  const victim = candidates.find((order) => fitsWith(input.room, free, needed, order));
  const victimDistance = victim === undefined ? null : distanceOf(victim.limit, victim.quote, now, settings);
  if (victim === undefined || victimDistance === null) return { outcome: 'REFUSE', reason: 'NO_VICTIM_LARGE_ENOUGH', needed };
  return judge(input, { victim, release: releaseOf(victim), needed, thiefDistance, victimDistance });
}

function neededBy(thief: Thief): Decimal | null {
  const price = thief.limit ?? thief.quote?.price ?? null;
  return price === null || !price.isFinite() ? null : notional(thief.quantity, price);
}

function fitsWith(room: Room, free: Decimal, needed: Decimal, victim: CandidateOrder | null): boolean {
  const release = victim === null ? ZERO : releaseOf(victim);
  if (needed.greaterThan(free.plus(release))) return false;
  if (room.freeOfClass === null) return true;
  const ofClass = victim?.assetClass === room.assetClass ? release : ZERO;
  return needed.lessThanOrEqualTo(room.freeOfClass.plus(ofClass));
}

function judge(input: StealInput, facts: VictimChoice): StealChoice {
  const { thief, history, settings, now } = input;
  const verdict: FightVerdict = judgeFight({ thief, victim: facts.victim, history, settings, now });
  if (!verdict.allowed) return { ...facts, outcome: 'REFUSE', reason: verdict.reason };
  const outcome = settings.workStealingDryRun ? 'WOULD_STEAL' : 'STEAL';
  return { ...facts, outcome, fight: verdict.fight, cooldownSeconds: verdict.cooldownSeconds };
}
