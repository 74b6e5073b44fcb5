// Round trips as they are kept (EX-6): written in the commit of the fills that closed them, and never changed.
import type { Trip, TripRecord } from '../../domain/trip.ts';
import type { Attributes } from './attributes.ts';
import { decimal, document, list, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readRef, writeRef } from './order-attributes.ts';
import { readLot, writeLot } from './position-attributes.ts';
import { SIDES } from './watch-attributes.ts';

const RECORD = { id: 'id', ref: 'rf', side: 'sd', policy: 'po', at: 'at', trips: 'tr', late: 'lc', lost: 'lo', unpaired: 'up' } as const satisfies Record<keyof TripRecord, string>;
const TRIP = {
  entryTradeId: 'ei',
  exitTradeId: 'xi',
  direction: 'di',
  quantity: 'qt',
  entryPrice: 'ep',
  exitPrice: 'xp',
  commission: 'cm',
  openedAt: 'oa',
  closedAt: 'ca',
} as const satisfies Record<keyof Trip, string>;
const DIRECTIONS = ['long', 'short'] as const satisfies readonly Trip['direction'][];

const writeTrip = (trip: Trip): Attributes =>
  present({
    [TRIP.entryTradeId]: text(trip.entryTradeId),
    [TRIP.exitTradeId]: text(trip.exitTradeId),
    [TRIP.direction]: text(trip.direction),
    [TRIP.quantity]: decimal(trip.quantity),
    [TRIP.entryPrice]: decimal(trip.entryPrice),
    [TRIP.exitPrice]: decimal(trip.exitPrice),
    [TRIP.commission]: maybe(trip.commission, decimal),
    [TRIP.openedAt]: whole(trip.openedAt),
    [TRIP.closedAt]: whole(trip.closedAt),
  });

const readTrip = (reader: ItemReader): Trip => ({
  entryTradeId: reader.text(TRIP.entryTradeId),
  exitTradeId: reader.text(TRIP.exitTradeId),
  direction: reader.choice(TRIP.direction, DIRECTIONS),
  quantity: reader.decimal(TRIP.quantity),
  entryPrice: reader.decimal(TRIP.entryPrice),
  exitPrice: reader.decimal(TRIP.exitPrice),
  commission: reader.decimalOrNull(TRIP.commission),
  openedAt: reader.whole(TRIP.openedAt),
  closedAt: reader.whole(TRIP.closedAt),
});

/** Writes what a commit closed, without its keys. @throws UnstorableNumberError */
export const writeTrips = (record: TripRecord): Attributes =>
  present({
    [RECORD.id]: text(record.id),
    [RECORD.ref]: document(writeRef(record.ref)),
    [RECORD.side]: text(record.side),
    [RECORD.policy]: text(record.policy),
    [RECORD.at]: whole(record.at),
    [RECORD.trips]: list(record.trips.map((trip) => document(writeTrip(trip)))),
    [RECORD.late]: maybe(record.late, decimal),
    [RECORD.lost]: list(record.lost.map((lot) => document(writeLot(lot)))),
    [RECORD.unpaired]: decimal(record.unpaired),
  });

/** Reads what a commit closed. @throws StoredItemError */
export const readTrips = (reader: ItemReader): TripRecord => ({
  id: reader.text(RECORD.id),
  ref: readRef(reader.document(RECORD.ref)),
  side: reader.choice(RECORD.side, SIDES),
  policy: reader.text(RECORD.policy),
  at: reader.whole(RECORD.at),
  trips: reader.documents(RECORD.trips).map(readTrip),
  late: reader.decimalOrNull(RECORD.late),
  lost: reader.documents(RECORD.lost).map(readLot),
  unpaired: reader.decimal(RECORD.unpaired),
});
