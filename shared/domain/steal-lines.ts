// The lines people read while orders compete (WS-11); the structured record carries the same facts exactly.
import { type Decimal, ZERO, toPlain } from './decimal.ts';
import type { Fighter } from './fight.ts';
import { plainSymbol } from './symbols.ts';

/** One side of a steal as it is printed; the distance is a ratio. */
export interface StealSide extends Fighter {
  readonly distance: Decimal;
}

const PRINTED_PLACES = 6;

/** Writes the line of a steal (WS-11). */
export function stealLine(thief: StealSide, victim: StealSide): string {
  return `Work steal: ${sideOf(thief)} stealing from ${sideOf(victim)}`;
}

/** Writes the line of a fight that the thief wins (WS-11, WS-7). */
export function fightWonLine(thief: Fighter, victim: Fighter): string {
  const pnls = `${printed(thief.forecastPnl)} > ${printed(victim.forecastPnl)}`;
  return `${plainSymbol(thief.symbol)}: Fighting with ${plainSymbol(victim.symbol)} but PnL better (${pnls}), allowing steal`;
}

/** Writes the warning of a fight that the thief loses (WS-11, WS-7). */
export function fightLostLine(thiefSymbol: string, victimSymbol: string): string {
  return `${plainSymbol(thiefSymbol)}: Would cause fighting with ${plainSymbol(victimSymbol)}, aborting steal`;
}

/** Writes the line of a crypto watch that is placed at once (WS-11, EW-3). */
export function forcedLine(symbol: string, rank: number): string {
  return `${plainSymbol(symbol)}: Auto-enabled force_immediate (crypto rank ${rank} during out-of-hours)`;
}

/** Writes the line of a probe that is too large to be one (WS-11, WS-12); money in quote currency. */
export function promotedLine(symbol: string, positionNotional: Decimal, limit: Decimal): string {
  const sizes = `$${toPlain(positionNotional)} exceeds probe limit $${toPlain(limit)}`;
  return `${plainSymbol(symbol)}: Position notional ${sizes}; promoting to normal`;
}

function sideOf(side: StealSide): string {
  return `${plainSymbol(side.symbol)} (dist=${printed(side.distance)}, PnL=${printed(side.forecastPnl)})`;
}

function printed(value: Decimal | null): string {
  const text = toPlain((value ?? ZERO).toDecimalPlaces(PRINTED_PLACES));
  return text.includes('.') ? text : `${text}.0`;
}
