// What several kinds of cases have in common: settings, quotes, orders, symbols.
import type { CandidateOrder } from '../../shared/domain/candidates.ts';
import type { RoomClaim, RoomOrder, RoomPosition } from '../../shared/domain/capacity-room.ts';
import { ZERO } from '../../shared/domain/decimal.ts';
import type { Fighter, PastSteal } from '../../shared/domain/fight.ts';
import { type Millis, seconds } from '../../shared/domain/instant.ts';
import { normaliseStatus } from '../../shared/domain/order-lifecycle.ts';
import type { Quote } from '../../shared/domain/quote.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import { isSymbol, normaliseSymbol } from '../../shared/domain/symbols.ts';
import type { Thief } from '../../shared/domain/steal-choice.ts';
import type { Field } from './field.ts';

/** The instant at which cases without a time of their own are set: any would do, ages are all they state. */
export const SOME_INSTANT: Millis = Date.UTC(2025, 0, 15, 15);

/** Reads the settings of a case; one it does not name has its default. */
export function readSettings(settings: Field): Settings {
  const ratio = (name: string, absent: Settings['maxLeverage']) => settings.at(name).orNull((field) => field.decimal()) ?? absent;
  const count = (name: string, absent: number) => settings.at(name).orNull((field) => field.integer()) ?? absent;
  const flag = (name: string, absent: boolean) => settings.at(name).orNull(readFlag) ?? absent;
  const words = DEFAULT_SETTINGS;
  return {
    ...DEFAULT_SETTINGS,
    workStealingEnabled: flag('WORK_STEALING_ENABLED', words.workStealingEnabled),
    workStealingDryRun: flag('WORK_STEALING_DRY_RUN', words.workStealingDryRun),
    workStealingTolerance: ratio('WORK_STEALING_TOLERANCE', words.workStealingTolerance),
    workStealingProtection: ratio('WORK_STEALING_PROTECTION', words.workStealingProtection),
    workStealingCooldownSeconds: count('WORK_STEALING_COOLDOWN', words.workStealingCooldownSeconds),
    workStealingFightThreshold: count('WORK_STEALING_FIGHT_THRESHOLD', words.workStealingFightThreshold),
    workStealingFightWindowSeconds: count('WORK_STEALING_FIGHT_WINDOW', words.workStealingFightWindowSeconds),
    workStealingFightCooldownSeconds: count('WORK_STEALING_FIGHT_COOLDOWN', words.workStealingFightCooldownSeconds),
    workStealingDistance:
      settings.at('WORK_STEALING_DISTANCE').orNull((field) => field.choice('absolute', 'side-aware')) ?? words.workStealingDistance,
    cryptoOutOfHoursForceCount: count('CRYPTO_OUT_OF_HOURS_FORCE_COUNT', words.cryptoOutOfHoursForceCount),
    cryptoOutOfHoursTolerance: ratio('CRYPTO_OUT_OF_HOURS_TOLERANCE', words.cryptoOutOfHoursTolerance),
    entryTolerance: ratio('ENTRY_TOLERANCE', words.entryTolerance),
    maxLeverage: ratio('MAX_LEVERAGE', words.maxLeverage),
    probeNotionalLimit: ratio('PROBE_NOTIONAL_LIMIT', words.probeNotionalLimit),
    protectedGroups: settings.at('PROTECTED_GROUPS').orNull((field) => field.list((group) => group.text())) ?? words.protectedGroups,
    triggerWindowMinutes: count('TRIGGER_WINDOW_MINUTES', words.triggerWindowMinutes),
    ignoreInitialMinutes: count('IGNORE_INITIAL_MINUTES', words.ignoreInitialMinutes),
    orderTimeoutMinutes: count('ORDER_TIMEOUT_MINUTES', words.orderTimeoutMinutes),
    exitBeforeCloseMinutes: count('EXIT_BEFORE_CLOSE_MINUTES', words.exitBeforeCloseMinutes),
    initialStopTicks: count('INITIAL_STOP_TICKS', words.initialStopTicks),
    trailTicks: count('TRAIL_TICKS', words.trailTicks),
    amendThresholdBps: count('AMEND_THRESHOLD_BPS', words.amendThresholdBps),
    quoteMaxAgeSeconds: count('QUOTE_MAX_AGE_SECONDS', words.quoteMaxAgeSeconds),
  };
}

/** Reads a symbol into its inside form; what no venue would list stays as it stands. */
export function readSymbol(field: Field): string {
  const text = field.text();
  return isSymbol(text) ? normaliseSymbol(text) : text;
}

/** Reads the quote of an order or watch: its price and the price's age. */
export function readQuote(owner: Field, now: Millis): Quote | null {
  const price = owner.at('price').orNull((field) => field.price());
  const age = owner.at('quoteAgeSeconds').orNull((field) => field.integer());
  return price === null || age === null ? null : { price, at: now - seconds(age) };
}

/** Reads an order as a thief sees it. */
export function readOrder(order: Field, now: Millis): CandidateOrder {
  return {
    clientOrderId: order.at('clientOrderId').text(),
    symbol: readSymbol(order.at('symbol')),
    assetClass: 'stock',
    side: order.at('side').choice('buy', 'sell'),
    intent: order.at('intent').choice('entry', 'exit'),
    mode: order.at('mode').choice('normal', 'probe'),
    group: order.at('group').orNull((field) => field.text()),
    acknowledged: order.at('acknowledged').boolean(),
    yielding: order.at('yielding').orNull((field) => field.boolean()) ?? false,
    // An order without a limit has no distance, as one with a limit of zero has none.
    limit: order.at('limit').orNull((field) => field.decimal()) ?? ZERO,
    quote: readQuote(order, now),
    lastStolen: order.at('lastStolen').orNull((field) => ({
      at: now - seconds(field.at('secondsAgo').integer()),
      cooldownSeconds: field.at('cooldownSeconds').integer(),
    })),
    forecastPnl: order.at('forecastPnl').orNull((field) => field.decimal()),
    createdAt: order.at('createdAt').orNull((field) => field.time()) ?? now,
    quantity: order.at('quantity').orNull((field) => field.decimal()) ?? ZERO,
    filledQuantity: order.at('filled').orNull((field) => field.decimal()) ?? ZERO,
  };
}

/** Reads an order as capacity counts it; without a status of its own it is live. */
export function readRoomOrder(order: Field): RoomOrder {
  return {
    intent: order.at('intent').choice('entry', 'exit'),
    status: order.at('status').orNull(readStatus) ?? 'OPEN',
    quantity: order.at('quantity').decimal(),
    filledQuantity: order.at('filled').orNull((field) => field.decimal()) ?? ZERO,
    limit: order.at('limit').orNull((field) => field.decimal()),
    lastPrice: order.at('price').orNull((field) => field.price()),
  };
}

/** Reads a position as capacity counts it. */
export function readPosition(position: Field): RoomPosition {
  return { quantity: position.at('quantity').decimal(), price: position.at('price').decimal() };
}

/** Reads a reservation. */
export function readClaim(claim: Field): RoomClaim {
  return {
    quantity: claim.at('quantity').decimal(),
    limit: claim.at('limit').decimal(),
    placed: claim.at('placed').orNull((field) => field.boolean()) ?? false,
  };
}

/** Reads a list that may be null where it could not be read. */
export function readListOrNull<Item>(field: Field, read: (item: Field) => Item): Item[] | null {
  if (field.value === undefined) throw field.malformed('a list or null');
  return field.orNull((list) => list.list(read));
}

/** Reads an account, null where it could not be read. */
export function readAccount(field: Field): { readonly equity: Settings['maxLeverage'] } | null {
  if (field.value === undefined) throw field.malformed('an account or null');
  return field.orNull((account) => ({ equity: account.at('equity').decimal() }));
}

/** Reads the watch that wants room. */
export function readThief(thief: Field, now: Millis): Thief {
  return {
    symbol: readSymbol(thief.at('symbol')),
    assetClass: 'stock',
    side: thief.at('side').choice('buy', 'sell'),
    mode: thief.at('mode').orNull((field) => field.choice('normal', 'probe')) ?? 'normal',
    limit: thief.at('limit').orNull((field) => field.decimal()),
    quote: readQuote(thief, now),
    quantity: thief.at('quantity').decimal(),
    forecastPnl: thief.at('forecastPnl').orNull((field) => field.decimal()),
  };
}

/** Reads one side of a pair. */
export function readFighter(fighter: Field): Fighter {
  return {
    symbol: readSymbol(fighter.at('symbol')),
    forecastPnl: fighter.at('forecastPnl').orNull((field) => field.decimal()),
  };
}

/** Reads a confirmed steal by its age. */
export function readPastSteal(steal: Field, now: Millis): PastSteal {
  return {
    thief: readSymbol(steal.at('thief')),
    victim: readSymbol(steal.at('victim')),
    at: now - seconds(steal.at('secondsAgo').integer()),
  };
}

function readStatus(field: Field): RoomOrder['status'] {
  const status = normaliseStatus(field.text());
  if (status === null) throw field.malformed('a status of an order');
  return status;
}

function readFlag(field: Field): boolean {
  const value = field.integer();
  if (value !== 0 && value !== 1) throw field.malformed('0 or 1');
  return value === 1;
}
