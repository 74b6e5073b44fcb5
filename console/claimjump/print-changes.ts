// What became of a change, in a sentence.
import type { AdoptAnswer, KillSwitchAnswer, RedriveAnswer, RestoredAnswer } from '../../shared/operator/answers.ts';
import { timeText } from './print-words.ts';

const MEANS = {
  ACTIVE: 'entries go out again',
  REDUCING: 'no new entries; what is live stays, exits and stops go on',
  HALTED: 'no new entries, and live entries are being cancelled; exits and stops go on',
} as const;

/** Writes how the switch stands now. */
export const killLines = ({ scope, changed, state, until }: KillSwitchAnswer): readonly string[] => {
  const lifted = until === null ? '' : ` It is lifted at ${timeText(until)}.`;
  return [`${scope} is ${changed ? 'now' : 'still'} ${state}: ${MEANS[state]}.${lifted}`];
};

/** Writes whether a position was adopted. */
export const adoptLines = ({ symbol, adopted, reason }: AdoptAnswer): readonly string[] => [
  adopted
    ? `The position in ${symbol} is ours now, and its stop is on its way. Entries stay halted for it until: claimjump resume ${symbol} --yes`
    : `The position in ${symbol} was not adopted: ${reason ?? 'nothing has changed'}.`,
];

/** Writes what a redrive has moved. */
export const redriveLines = ({ queue, moved, left }: RedriveAnswer): readonly string[] => [`${queue}: ${moved} put back, ${left} left.`];

/** Writes whether a restored table was taken over. */
export const restoredLines = ({ table, changed, fenceFloor }: RestoredAnswer): readonly string[] => [
  changed
    ? `Table ${table} is taken over: fences begin above ${fenceFloor}, and the account is HALTED until reconcile has found it in order; then: claimjump resume --yes`
    : `Table ${table} was taken over before; nothing has changed.`,
];
