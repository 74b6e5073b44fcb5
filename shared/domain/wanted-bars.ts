// Whose bars the board has to build: those that a stop trails by, or will once its entry has filled (SL-5).
import type { Context } from './context.ts';
import { barKey } from './decision.ts';
import type { WantedBars } from './event.ts';
import { hoursOf, settingsWith } from './market-time.ts';
import { isHeld } from './position-moves.ts';
import { isInSession, sessionOfDay } from './session-window.ts';
import type { Slot } from './slot.ts';
import type { ExitRules } from './watch.ts';

const rulesOf = ({ watch, position }: Slot): readonly ExitRules[] => [
  ...(watch?.kind === 'stop' ? [watch.exit] : []),
  ...(isHeld(position) && position.rules.stop.kind === 'stop' ? [position.rules] : []),
];

const barsFor = (symbol: string, rules: ExitRules, context: Context): readonly WantedBars[] => {
  const session = sessionOfDay(context.now, hoursOf(rules.hours, context));
  if (!isInSession(context.now, session)) return [];
  const { barMinutes } = settingsWith(rules.own, context.settings);
  return [{ symbol, grid: { opensAt: session.opensAt, barMinutes } }];
};

/** Lists the bars that the slots of a book want now, each once. */
export const wantedBars = (slots: Iterable<Slot>, context: Context): readonly WantedBars[] => {
  const wanted = [...slots].flatMap((slot) => rulesOf(slot).flatMap((rules) => barsFor(slot.symbol, rules, context)));
  return [...new Map(wanted.map((each) => [barKey(each.symbol, each.grid.barMinutes), each])).values()];
};
