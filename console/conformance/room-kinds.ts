// Kinds about distances, room and the orders that may be robbed of it: WS-1 to WS-4 and WS-7.
import { rankCandidates } from '../../shared/domain/candidates.ts';
import { availableRoom, notional } from '../../shared/domain/capacity-room.ts';
import { distanceOf, isWithin } from '../../shared/domain/distance.ts';
import { judgeFight } from '../../shared/domain/fight.ts';
import { protectionOf } from '../../shared/domain/protection.ts';
import {
  SOME_INSTANT,
  readAccount,
  readClaim,
  readFighter,
  readListOrNull,
  readOrder,
  readPastSteal,
  readPosition,
  readQuote,
  readRoomOrder,
  readSettings,
  readSymbol,
} from './case-fields.ts';
import type { Field } from './field.ts';
import type { Found } from './found.ts';

const PRINTED_PLACES = 18;

/** Runs kind `distance` (WS-1). */
export function distanceKind(input: Field): Found {
  const settings = readSettings(input.at('settings'));
  const limit = input.at('limit').orNull((field) => field.decimal());
  const quote = readQuote(input, SOME_INSTANT);
  const bound = input.at('bound').decimal();
  const distance = distanceOf(limit, quote, SOME_INSTANT, settings);
  if (distance === null || limit === null || quote === null) return { distance: null, reason: 'NO_QUOTE', within: false };
  return { distance: distance.toDecimalPlaces(PRINTED_PLACES), reason: null, within: isWithin(limit, quote.price, bound) };
}

/** Runs kind `capacity` (WS-2). */
export function capacityKind(input: Field): Found {
  const room = {
    account: readAccount(input.at('account')),
    positions: readListOrNull(input.at('positions'), readPosition),
    orders: readListOrNull(input.at('orders'), readRoomOrder),
    claims: input.at('claims').orNull((claims) => claims.list(readClaim)) ?? [],
  };
  const candidate = input.at('candidate');
  const price = candidate.at('limit').orNull((field) => field.decimal()) ?? candidate.at('price').orNull((field) => field.decimal());
  const quantity = candidate.at('quantity').decimal();
  const needed = price === null ? null : notional(quantity, price);
  const available = availableRoom(room, readSettings(input.at('settings')));
  if (available === null || needed === null) return { available, needed, fits: false, reason: 'CAPACITY_UNKNOWN' };
  return { available, needed, fits: needed.lessThanOrEqualTo(available), reason: null };
}

/** Runs kind `protection` (WS-3). */
export function protectionKind(input: Field): Found {
  const order = readOrder(input.at('order'), SOME_INSTANT);
  const thiefSymbol = readSymbol(input.at('thiefSymbol'));
  return { protected: protectionOf(thiefSymbol, order, readSettings(input.at('settings')), SOME_INSTANT) };
}

/** Runs kind `candidates` (WS-3, WS-4). */
export function candidatesKind(input: Field): Found {
  const orders = input.at('orders').list((order) => readOrder(order, SOME_INSTANT));
  const thiefSymbol = readSymbol(input.at('thiefSymbol'));
  const ranked = rankCandidates(thiefSymbol, orders, readSettings(input.at('settings')), SOME_INSTANT);
  return {
    order: ranked.candidates.map((candidate) => candidate.clientOrderId),
    protected: Object.fromEntries(ranked.protectedOrders),
  };
}

/** Runs kind `fight` (WS-7). */
export function fightKind(input: Field): Found {
  const verdict = judgeFight({
    thief: readFighter(input.at('thief')),
    victim: readFighter(input.at('victim')),
    history: input.at('history').list((steal) => readPastSteal(steal, SOME_INSTANT)),
    settings: readSettings(input.at('settings')),
    now: SOME_INSTANT,
  });
  return { ...verdict };
}
