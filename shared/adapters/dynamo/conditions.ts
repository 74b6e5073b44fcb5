// Every condition of every write: its name, and the race it closes. A test can leave any of them out by name.
import type { Capacity, KillScope, KillState, Passing } from '../../domain/account.ts';
import type { Action } from '../../domain/action.ts';
import type { EntryRequirement } from '../../domain/decision.ts';
import type { Slot } from '../../domain/slot.ts';
import { ACTION_NOT_SENT, ACTION_STATE } from './action-item.ts';
import type { AttributeValue } from './attributes.ts';
import { decimal, flag, text, whole } from './attributes.ts';
import { CAPACITY, DAY, FREE_OF_CLASS, KILL_OF_CLASS, killPath, SINCE_UNKNOWN } from './capacity-item.ts';
import type { Phrase } from './expression.ts';
import { RESTORE } from './restore-attributes.ts';
import { SLOT_FENCE, SLOT_REVISION, SLOT_STATE, SLOT_WATCH_VERSION, slotState } from './slot-item.ts';
import { PARTITION_KEY } from './table-keys.ts';

/** The clauses by name, each with the race that it closes. */
export const CLAUSES = {
  'slot new': 'two plans make the same slot',
  'slot state': 'an entry goes out while another lives in the slot; a cancelled victim is cancelled again',
  'slot fence': 'the slot went through a whole entry since it was read and looks the same again',
  'slot watch version': 'an entry goes out at a limit that a newer plan has moved',
  'slot revision': 'a fill, an amendment or a plan changed the slot since it was read',
  'capacity new': 'two first readings of equity, the later wiping out what was claimed in between',
  'capacity known': 'room is moved in a ledger that does not exist',
  'free room': 'two claims on the same last room',
  'free room of class': 'two claims on the same last room of an asset class',
  'equity recent': 'a claim on a cap that nobody has checked for too long',
  'kill switch': 'an entry decided before the kill switch was thrown and committed after',
  'kill as seen': 'a person halts while a rule sets a weaker state',
  'cap as seen': 'two readings of equity both move the free room from the same old cap',
  'equity newer': 'an older reading of equity, late, replaces a newer one',
  'marks as seen': 'a reading of equity brings back the day and the peak that a person has had forgotten since',
  'passing as seen': 'the reset lifts what a person has made their own or paused anew since, or a streak claims it',
  'restore as seen': 'two people take over a restored table at once, or one run of reconcile settles what another has only begun',
  'action new': 'an order is planned twice',
  'action state': 'two deliveries of one action both send it, or one ends what the other sends',
  'order new': 'an order id is used twice',
  'order revision': 'two reports of one order are applied to the same old state',
  'fill once': 'a fill reported twice counts twice',
  'steal once': 'a steal is recorded twice',
  'webhook once': 'a webhook delivered twice takes effect twice',
  'board revision': 'an older batch of prices, late, replaces a newer one',
  'reconcile revision': 'two runs of reconcile at once, the older forgetting what the newer has seen',
} as const;

export type ClauseName = keyof typeof CLAUSES;

export interface Clause {
  readonly name: ClauseName;
  readonly paths: readonly (readonly string[])[];
  readonly phrase: Phrase;
}

const compare = (name: ClauseName, path: readonly string[], operator: '=' | '<' | '>' | '>=', value: AttributeValue): Clause => ({
  name,
  paths: [path],
  phrase: (words) => `${words.path(path)} ${operator} ${words.value(value)}`,
});

/** Holds where there is no such item yet. */
export const isNew = (name: ClauseName): Clause => ({
  name,
  paths: [],
  phrase: (words) => `attribute_not_exists(${words.path([PARTITION_KEY])})`,
});

/** Holds where a version is as it was seen. */
export const revisionIs = (name: ClauseName, attribute: string, seen: number): Clause => compare(name, [attribute], '=', whole(seen));

/** What an entry is based on: the slot is as idle as it was, through no other entry, under the same watch. */
export const entryAsSeen = (seen: Slot): readonly Clause[] => [
  compare('slot state', [SLOT_STATE], '=', text(slotState(seen))),
  compare('slot fence', [SLOT_FENCE], '=', whole(seen.fence)),
  compare('slot watch version', [SLOT_WATCH_VERSION], '=', whole(seen.watchVersion)),
];

/** Nothing of the slot has moved. */
export const slotAsSeen = (seen: Slot): readonly Clause[] => [
  ...entryAsSeen(seen),
  compare('slot revision', [SLOT_REVISION], '=', whole(seen.revision)),
];

/** The action is where it was seen, the same number of failed sends behind it. */
export const actionAsSeen = (seen: Action): readonly Clause[] => [
  compare('action state', [ACTION_STATE], '=', text(seen.state)),
  compare('action state', [ACTION_NOT_SENT], '=', whole(seen.notSent)),
];

export const capacityKnown: Clause = {
  name: 'capacity known',
  paths: [],
  phrase: (words) => `attribute_exists(${words.path([PARTITION_KEY])})`,
};

/** What an entry needs of the account (WS-2, KS-1). */
export const entryAllowed = (require: EntryRequirement): readonly Clause[] => [
  compare('free room', [CAPACITY.free], '>=', decimal(require.free)),
  compare('free room of class', [FREE_OF_CLASS[require.assetClass]], '>=', decimal(require.freeOfClass)),
  compare('equity recent', [CAPACITY.equityAt], '>', whole(require.equityAfter)),
  ...killSwitchOff(require),
];

/** Nothing halts or reduces the account, the class or the symbol (KS-1). */
export const killSwitchOff = (of: Pick<EntryRequirement, 'symbol' | 'assetClass'>): readonly Clause[] => [
  compare('kill switch', [CAPACITY.kill], '=', text(ACTIVE)),
  compare('kill switch', [KILL_OF_CLASS[of.assetClass]], '=', text(ACTIVE)),
  killStateIs('kill switch', { kind: 'SYMBOL', symbol: of.symbol }, ACTIVE),
];

/** The kill state to be replaced is the one that was seen (KS-1). */
export const killAsSeen = (scope: KillScope, seen: KillState): Clause => killStateIs('kill as seen', scope, seen);

const ACTIVE: KillState = 'ACTIVE';

const killStateIs = (name: ClauseName, scope: KillScope, state: KillState): Clause => {
  const path = killPath(scope);
  const same = compare(name, path, '=', text(state));
  if (scope.kind !== 'SYMBOL' || state !== ACTIVE) return same;
  // A symbol that was never halted has no entry in the map.
  return { ...same, phrase: (words) => `(attribute_not_exists(${words.path(path)}) OR ${same.phrase(words)})` };
};

/** The caps and marks that a reading is put on are those that were seen, and the reading is newer (WS-2, KS-2). */
export const capAsSeen = (seen: Capacity, at: Capacity['equityAt']): readonly Clause[] => [
  compare('cap as seen', [CAPACITY.cap], '=', decimal(seen.cap)),
  compare('cap as seen', [CAPACITY.capStock], '=', decimal(seen.capOfClass.stock)),
  compare('cap as seen', [CAPACITY.capCrypto], '=', decimal(seen.capOfClass.crypto)),
  compare('equity newer', [CAPACITY.equityAt], '<', whole(at)),
  ...dayAsSeen(seen.day),
  seen.peak === null ? isAbsent('marks as seen', [CAPACITY.peak]) : compare('marks as seen', [CAPACITY.peak], '=', decimal(seen.peak)),
];

const dayAsSeen = (seen: Capacity['day']): readonly Clause[] =>
  seen === null
    ? [isAbsent('marks as seen', [CAPACITY.day])]
    : [
        compare('marks as seen', [CAPACITY.day, DAY.date], '=', text(seen.date)),
        compare('marks as seen', [CAPACITY.day, DAY.equity], '=', decimal(seen.equity)),
      ];

/** Why the account is reduced for a while only, and since when, is as it was seen (KS-2). */
export const passingAsSeen = (seen: Passing | null): readonly Clause[] => {
  const same = compare('passing as seen', [CAPACITY.passing], '=', flag(seen !== null));
  if (seen !== null) return [same, orAbsent(compare('passing as seen', [CAPACITY.passingSince], '=', whole(seen.since)), seen.since === SINCE_UNKNOWN)];
  // A ledger that was never reduced for a while does not say so.
  return [orAbsent(same, true)];
};

/** What is known of a restore of the table is as it was seen (EX-11). */
export const restoreAsSeen = (seen: Capacity['restore']): Clause =>
  seen === null ? isAbsent('restore as seen', [RESTORE.table]) : compare('restore as seen', [RESTORE.table], '=', text(seen.table));

const orAbsent = (clause: Clause, mayBeAbsent: boolean): Clause => {
  if (!mayBeAbsent) return clause;
  const [path = []] = clause.paths;
  return { ...clause, phrase: (words) => `(attribute_not_exists(${words.path(path)}) OR ${clause.phrase(words)})` };
};

const isAbsent = (name: ClauseName, path: readonly string[]): Clause => ({
  name,
  paths: [path],
  phrase: (words) => `attribute_not_exists(${words.path(path)})`,
});
