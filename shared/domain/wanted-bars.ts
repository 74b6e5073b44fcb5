// What the board has to build: bars that a stop trails by, or will once its entry has filled (SL-5), and what grids go by (FP-1).
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

const FEATURE_MINUTES = 5;
// Later than any price: what is known is kept through the night, and nothing is added to it.
const NOT_NOW = Number.MAX_SAFE_INTEGER;

const startFor = ({ hours }: ExitRules, context: Context): number => {
  // Where nothing closes, a day's last bar is as good as its others: counted from any midnight they lie the same.
  if (hours === 'ALWAYS') return 0;
  const session = sessionOfDay(context.now, hoursOf(hours, context));
  return isInSession(context.now, session) ? session.opensAt : NOT_NOW;
};

/** Lists the symbols that some grid watches, each once, with the five-minute bars that its range is worked out from (FP-1). */
export const featuredSymbols = (slots: Iterable<Slot>, context: Context): readonly WantedBars[] => {
  const found = [...slots].flatMap(({ symbol, watch }) => {
    if (watch === null || watch.level === null) return [];
    return [[symbol, { symbol, grid: { opensAt: startFor(watch.exit, context), barMinutes: FEATURE_MINUTES } }] as const];
  });
  return [...new Map(found).values()];
};
