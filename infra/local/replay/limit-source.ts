// The limit strategy: bars by the hour, and the plans of a forecasting model.
import { readTextFile } from './csv.ts';
import { InputError } from './input-error.ts';
import { parseBars, parsePlanRows } from './market-files.ts';
import type { MarketSource } from './market-source.ts';
import { symbolsIn } from './market-source.ts';
import { planOf, rowsKnownIn } from './plan-message.ts';
import { HOUR, stepsOf } from './price-steps.ts';

/** Reads the two files of the limit strategy. @throws InputError naming file, line and field */
export function readLimitSource(barsFile: string, plansFile: string): MarketSource {
  const [barsText, plansText] = [readTextFile(barsFile), readTextFile(plansFile)];
  const [allBars, allRows] = [parseBars(barsText), parsePlanRows(plansText)];
  return {
    symbols: new Set(allBars.map(({ symbol }) => symbol)),
    span: { from: allBars[0]?.hour ?? 0, to: (allBars.at(-1)?.hour ?? 0) + HOUR },
    texts: [barsText.text, plansText.text],
    course: (range, isWanted) => {
      const bars = allBars.filter(({ symbol }) => isWanted(symbol));
      const symbols = symbolsIn(bars, ({ hour }) => hour, range);
      const rows = allRows.filter((row) => symbols.includes(row.symbol) && row.hour < range.to);
      if (symbols.length > 0 && rows.length === 0) {
        throw new InputError(`${plansFile}: no row for ${symbols.join(', ')} before ${new Date(range.to).toISOString()}`);
      }
      return { symbols, steps: stepsOf(bars, range), planAt: (hour, rulesOf) => planOf(hour, rowsKnownIn(hour, rows), rulesOf) };
    },
  };
}
