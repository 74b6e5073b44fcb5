// The stop strategy: bars by the minute, and the plans that it makes of each day's first quarter of an hour.
import { nyseCalendar } from '../../../shared/adapters/calendar/nyse-calendar.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { readTextFile } from './csv.ts';
import type { MarketSource } from './market-source.ts';
import { symbolsIn } from './market-source.ts';
import { parseMinuteBars } from './minute-file.ts';
import { MINUTE, minuteStepsOf } from './minute-steps.ts';
import { openingsOf, stopPlanOf } from './stop-plan.ts';

/** Reads the file of the stop strategy. @throws InputError naming file, line and field */
export function readStopSource(barsFile: string, settings: Settings): MarketSource {
  const text = readTextFile(barsFile);
  const allBars = parseMinuteBars(text);
  return {
    symbols: new Set(allBars.map(({ symbol }) => symbol)),
    span: { from: allBars[0]?.at ?? 0, to: (allBars.at(-1)?.at ?? 0) + MINUTE },
    texts: [text.text],
    course: (range, isWanted) => {
      const bars = allBars.filter(({ symbol }) => isWanted(symbol));
      const openings = openingsOf(bars, nyseCalendar());
      return {
        symbols: symbolsIn(bars, ({ at }) => at, range),
        steps: minuteStepsOf(bars, range, [...openings.keys()]),
        planAt: (at, rulesOf) => stopPlanOf(at, openings.get(at) ?? [], rulesOf, settings),
      };
    },
  };
}
