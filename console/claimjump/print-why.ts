// `claimjump why` and `claimjump journal`: sentences first, then the course.
import type { JournalAnswer, WhyAnswer } from '../../shared/operator/answers.ts';
import { timeText } from './print-words.ts';

const LEVEL_MARK = { DEBUG: '', INFO: '', WARN: 'WARNING ', ERROR: 'ERROR ' } as const;

const entryLine = ({ at, level, fact, message }: JournalAnswer['entries'][number]): string =>
  `  ${timeText(at)}  ${LEVEL_MARK[level]}${fact}: ${message}`;

const courseLines = ({ journal, fault }: Pick<WhyAnswer, 'journal' | 'fault'>): readonly string[] => {
  if (journal === null) return [`The course is not known: ${fault ?? 'the journal could not be read'}.`];
  return journal.length === 0 ? ['The journal has nothing of it in that time.'] : ['How it came to this:', ...journal.map(entryLine)];
};

const slotLines = (why: WhyAnswer): readonly string[] => {
  if (why.slots.length === 0) return ['No plan has ever named it, and nothing of it is held.'];
  return why.slots.flatMap(({ slot, reasons }) => [
    ...(why.slots.length === 1 && slot === 'main' ? [] : [`Slot ${slot}:`]),
    ...reasons.map(({ words }) => `  ${words}`),
  ]);
};

/** Writes why a symbol stands as it does. */
export const whyLines = (why: WhyAnswer): readonly string[] => [
  `${why.symbol} at ${timeText(why.at)}`,
  ...slotLines(why),
  `The account: ${why.account.words}.`,
  ...courseLines(why),
];

/** Writes the journal. */
export const journalLines = ({ entries }: JournalAnswer): readonly string[] =>
  entries.length === 0 ? ['The journal has nothing of it in that time.'] : entries.map(entryLine);
