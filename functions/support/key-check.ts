// With a key that money can be taken out with nothing is begun: whoever steals it steals the account.
import type { Millis } from '../../shared/domain/instant.ts';
import type { Note } from '../../shared/domain/decision.ts';
import type { Outcome, VenuePause } from '../../shared/domain/event.ts';
import { VenueReadError } from '../../shared/errors.ts';
import type { Clock, KeyedVenue } from '../../shared/ports.ts';

export interface KeyCheckParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly tell: (note: Note) => void;
  readonly count: (metric: string, value: number, labels: Readonly<Record<string, string>>) => void;
}

/** Says why entries are not sent with a key; null where they may be. */
export type KeyCheck = () => Promise<Outcome | null>;

/** What was heard holds so long, in milliseconds: the key's permissions are changed at the venue, behind our back. */
const CLEAR_HOLDS = 3_600_000;
const REFUSAL_HOLDS = 300_000;
const SILENCE_HOLDS = 10_000;
/** An order that was committed to being sent goes soon or not now: later it could be taken for one that never went. */
const LATEST_ANSWER = 4_000;

const CAN_WITHDRAW: Outcome = { kind: 'REFUSED', code: 'KEY_CAN_WITHDRAW' };
const notChecked = (pause: VenuePause | null): Outcome => ({ kind: 'NOT_SENT', reason: 'KEY_NOT_CHECKED', pause });

interface Verdict {
  readonly outcome: Outcome | null;
  readonly until: Millis;
}

/**
 * Makes the check of one key (EX-9): asked before the first entry, and again once its answer is too old to be believed. Without
 * an answer no entry is sent; a venue that has no such call is believed in silence, which is told once.
 */
export const createKeyCheck = (venue: Pick<KeyedVenue, 'traits' | 'canWithdraw'>, parts: KeyCheckParts): KeyCheck => {
  const { clock } = parts;
  let held: Verdict | null = null;
  let asking: Promise<Verdict> | null = null;
  const ask = async (): Promise<Verdict> => {
    const { outcome, holds } = await hear(venue, parts);
    return { outcome, until: clock.now() + holds };
  };
  return async () => {
    const startedAt = clock.now();
    if (held !== null && startedAt < held.until) return held.outcome;
    // Orders that are sent together ask together.
    asking ??= ask();
    try {
      held = await asking;
    } finally {
      asking = null;
    }
    const isLate = clock.now() - startedAt > LATEST_ANSWER;
    return held.outcome ?? (isLate ? notChecked(null) : null);
  };
};

interface Heard {
  readonly outcome: Outcome | null;
  readonly holds: Millis;
}

const hear = async ({ traits, canWithdraw }: Pick<KeyedVenue, 'traits' | 'canWithdraw'>, parts: KeyCheckParts): Promise<Heard> => {
  const { venue } = traits;
  if (canWithdraw === null) {
    parts.tell(note('KEY_UNCHECKED', 'INFO', `${venue}: no call tells whether the key can withdraw`, venue));
    return { outcome: null, holds: Infinity };
  }
  try {
    return judge(await canWithdraw(), venue, parts);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no answer';
    parts.tell(note('KEY_NOT_CHECKED', 'WARN', `${venue}: not told whether the key can withdraw, so that no entry is sent: ${reason}`, venue));
    return { outcome: notChecked(error instanceof VenueReadError ? error.pause : null), holds: SILENCE_HOLDS };
  }
};

const judge = (isAble: boolean, venue: string, { tell, count }: KeyCheckParts): Heard => {
  count('key_can_withdraw', isAble ? 1 : 0, { venue });
  if (!isAble) return { outcome: null, holds: CLEAR_HOLDS };
  tell(note('KEY_CAN_WITHDRAW', 'ERROR', `${venue}: the key can withdraw, so that no entry is sent with it`, venue));
  return { outcome: CAN_WITHDRAW, holds: REFUSAL_HOLDS };
};

const note = (name: string, level: Note['level'], message: string, venue: string): Note => ({ name, level, message, fields: { venue } });
