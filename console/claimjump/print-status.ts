// `claimjump status`, as a person reads it.
import type { StatusAnswer } from '../../shared/operator/answers.ts';
import { tableLines } from '../../infra/local/report/text-table.ts';
import { ageText, timeText } from './print-words.ts';

const capacityLines = ({ capacity }: StatusAnswer): readonly string[] => {
  if (capacity === null) return ['Capacity: unknown, equity has not been read yet; nothing enters.'];
  const { equity, equityAgeSeconds, isRecent, cap, used, free, byClass } = capacity;
  const age = isRecent ? `read ${ageText(equityAgeSeconds)} ago` : `TOO OLD, read ${ageText(equityAgeSeconds)} ago: nothing enters`;
  const rows = [['all', cap, used, free], ...byClass.map((each) => [each.assetClass, each.cap, each.used, each.free])];
  return [`Equity: ${equity}, ${age}.`, ...tableLines(['room', 'cap', 'used', 'free'], rows)];
};

const killLine = ({ scope, state, until, by, why, at }: StatusAnswer['kill'][number]): string => {
  const when = at === null ? '' : ` since ${timeText(at)}`;
  const who = by === null ? '' : ` by ${by}`;
  const lifted = until === null ? ', until a person lifts it' : `, lifted at ${timeText(until)}`;
  return `  ${scope}: ${state}${when}${who}${lifted}${why === null ? '' : ` (${why})`}`;
};

const killLines = ({ kill }: StatusAnswer): readonly string[] =>
  kill.length === 0 ? ['Kill switch: ACTIVE, entries go out.'] : ['Kill switch:', ...kill.map(killLine)];

const countsLine = ({ counts }: StatusAnswer): string => {
  const foreign = counts.foreign === 0 ? '' : `, ${counts.foreign} FOREIGN`;
  const unprotected = counts.unprotected === 0 ? '' : `, ${counts.unprotected} of them UNPROTECTED`;
  return `Watches: ${counts.watches}. Entries under way: ${counts.entries}. Positions: ${counts.positions}${unprotected}${foreign}.`;
};

const actionLines = ({ actions }: StatusAnswer): readonly string[] => {
  if (actions.length === 0) return ['Open actions: none.'];
  const rows = actions.map(({ id, symbol, purpose, work, state, ageSeconds }) => [symbol, work, purpose, state, ageText(ageSeconds), id]);
  return [`Open actions: ${actions.length}.`, ...tableLines(['symbol', 'work', 'purpose', 'state', 'age', 'id'], rows)];
};

const lettersLine = ({ deadLetters }: StatusAnswer): string => {
  if (deadLetters === null) return 'Dead letters: not known.';
  const waiting = deadLetters.filter((each) => each.waiting > 0);
  return waiting.length === 0 ? 'Dead letters: none.' : `DEAD LETTERS: ${waiting.map((each) => `${each.waiting} in ${each.queue}`).join(', ')}.`;
};

const venueLine = ({ venue }: StatusAnswer): string => {
  if (venue === null) return 'Venue: not known.';
  const circuit = venue.circuit === 'CLOSED' ? 'takes orders' : `CIRCUIT ${venue.circuit}: it refuses entries`;
  const pause = venue.pause === null ? '' : `, ${venue.pause.kind} for another ${ageText(venue.pause.seconds)}`;
  return `Venue ${venue.name}: ${circuit}${pause}.`;
};

const reconcileLine = ({ reconcileAgeSeconds: age }: StatusAnswer): string => `Reconcile: ${age === null ? 'has not run yet' : `${ageText(age)} ago`}.`;

/** Writes how the account stands. */
export const statusLines = (status: StatusAnswer): readonly string[] => [
  `Account ${status.account} at ${timeText(status.at)}`,
  ...capacityLines(status),
  ...killLines(status),
  countsLine(status),
  reconcileLine(status),
  ...actionLines(status),
  lettersLine(status),
  venueLine(status),
  ...status.faults.map((fault) => `NOTE: ${fault}.`),
];
