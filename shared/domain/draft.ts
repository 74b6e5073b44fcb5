// Puts a decision together: the room it moves follows from its slots, so no rule can forget to account for it.
import type { Change, Decision, EntryRequirement, Note, RoomMove } from './decision.ts';
import { NO_MOVE, addRoom, isNoMove, moveBetween } from './room.ts';
import { settledParts } from './parts.ts';
import type { Slot } from './slot.ts';

export interface SlotChange {
  readonly before: Slot | null;
  readonly after: Slot;
  readonly guard: 'ENTRY' | 'STATE';
}

export interface Draft {
  readonly slots: readonly SlotChange[];
  readonly require: EntryRequirement | null;
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
}

export const EMPTY_DRAFT: Draft = { slots: [], require: null, changes: [], notes: [] };

/** A change of one slot under the guard that nothing of it has moved. */
export const moveSlot = (before: Slot | null, after: Slot): SlotChange => ({ before, after, guard: 'STATE' });

const roomChange = (draft: Draft): readonly Change[] => {
  const moves = draft.slots.map(({ before, after }) => moveBetween(before, after));
  if (draft.require === null && moves.every(isNoMove)) return [];
  const move: RoomMove = moves.reduce(addRoom, NO_MOVE);
  return [{ kind: 'ROOM', move, require: draft.require }];
};

/** Turns a draft into a decision: revisions grow by one, and the ledger moves by exactly what the slots moved (WS-2). */
export const commit = (draft: Draft): Decision => {
  const slots = draft.slots.map(({ before, after, guard }): Change => {
    const revision = (before?.revision ?? 0) + 1;
    return { kind: 'SLOT', before, after: { ...after, parts: settledParts(after), revision }, guard };
  });
  return { kind: 'COMMIT', changes: [...slots, ...roomChange(draft), ...draft.changes], notes: draft.notes };
};

/** A decision that changes nothing, with its reason. */
export const ignore = (reason: string, notes: readonly Note[] = []): Decision => ({ kind: 'IGNORE', reason, notes });

/** A fact to be told. */
export const note = (
  name: string,
  message: string,
  fields: Note['fields'] = {},
  level: Note['level'] = 'INFO',
): Note => ({ name, level, message, fields });
