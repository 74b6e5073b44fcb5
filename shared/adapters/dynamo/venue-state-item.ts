// What all functions know of a venue, as one small item of the account.
import type { Pausing, RefusalStreak, VenueState } from '../../domain/venue-state.ts';
import type { Attributes } from './attributes.ts';
import { document, list, maybe, present, text, whole } from './attributes.ts';
import { readWhole } from './item-reader.ts';
import type { ItemReader } from './item-reader.ts';
import type { StoredItem } from './stored-item.ts';

export const VENUE_STATE_REVISION = 'revision';
const STATE = { parts: 'bp', at: 'ba', pause: 'pa', refusals: 're', probeAt: 'pr' } as const;
const PAUSE = { kind: 'k', until: 'u', times: 't' } as const;
const REFUSALS = { code: 'c', count: 'n' } as const;

/** Writes the state without its keys. @throws UnstorableNumberError */
export const writeVenueState = ({ revision, buckets, pause, refusals, probeAt }: VenueState): Attributes =>
  present({
    [VENUE_STATE_REVISION]: whole(revision),
    [STATE.parts]: list(buckets.parts.map(whole)),
    [STATE.at]: whole(buckets.at),
    [STATE.pause]: maybe(pause, ({ kind, until, times }) =>
      document({ [PAUSE.kind]: text(kind), [PAUSE.until]: whole(until), [PAUSE.times]: whole(times) })),
    [STATE.refusals]: maybe(refusals, ({ code, count }) => document({ [REFUSALS.code]: text(code), [REFUSALS.count]: whole(count) })),
    [STATE.probeAt]: maybe(probeAt, whole),
  });

/** Reads the state. @throws StoredItemError */
export const readVenueState = ({ reader, sortKey }: StoredItem): VenueState => ({
  revision: reader.whole(VENUE_STATE_REVISION),
  buckets: {
    parts: reader.numbers(STATE.parts).map((digits) => readWhole(digits, `${sortKey}.${STATE.parts}`)),
    at: reader.whole(STATE.at),
  },
  pause: reader.maybe(STATE.pause, () => readPause(reader.document(STATE.pause))),
  refusals: reader.maybe(STATE.refusals, () => readRefusals(reader.document(STATE.refusals))),
  probeAt: reader.wholeOrNull(STATE.probeAt),
});

const readPause = (reader: ItemReader): Pausing => ({
  kind: reader.choice(PAUSE.kind, ['RATE_LIMITED', 'BANNED']),
  until: reader.whole(PAUSE.until),
  times: reader.whole(PAUSE.times),
});

const readRefusals = (reader: ItemReader): RefusalStreak => ({ code: reader.text(REFUSALS.code), count: reader.whole(REFUSALS.count) });
