// Orders, positions, steals and dead letters as tables.
import type { DeadLettersAnswer, OrdersAnswer, PositionsAnswer, StealsAnswer } from '../../shared/operator/answers.ts';
import { tableLines } from '../../infra/local/report/text-table.ts';
import { ageText, orDash, percentText, timeText } from './print-words.ts';

const table = (head: readonly string[], rows: readonly (readonly string[])[], none: string): readonly string[] => (rows.length === 0 ? [none] : tableLines(head, rows));

/** Writes the orders that live. */
export const orderLines = ({ orders }: OrdersAnswer): readonly string[] =>
  table(
    ['symbol', 'slot', 'purpose', 'side', 'quantity', 'filled', 'price', 'notional', 'distance', 'age', 'status', 'protected by'],
    orders.map((each) => [
      each.symbol, each.slot, each.purpose, each.side, each.quantity, each.filled, orDash(each.price), each.notional,
      percentText(each.distance), ageText(each.ageSeconds), each.status, each.protectedBy ?? '',
    ]),
    'No order is live.',
  );

const ruleLines = ({ positions }: PositionsAnswer): readonly string[] =>
  positions.filter(({ rules }) => rules.length > 0).map(({ symbol, slot, rules }) => `  ${symbol} ${slot}: ${rules.join('; ')}`);

/** Writes what is held, and how it ends. */
export const positionLines = (answer: PositionsAnswer): readonly string[] => [
  ...table(
    ['symbol', 'slot', 'status', 'side', 'quantity', 'average', 'stop', 'at', 'protected', 'take-profit', 'last', 'unrealised'],
    answer.positions.map((each) => [
      each.symbol, each.slot, each.status, each.side, each.quantity, each.averagePrice, each.stop, orDash(each.stopPrice),
      each.isProtected ? 'yes' : 'NO', orDash(each.takeProfit), orDash(each.lastPrice), orDash(each.unrealised),
    ]),
    'Nothing is held.',
  ),
  ...ruleLines(answer),
];

/** Writes the steals of the time asked for. */
export const stealLines = ({ steals }: StealsAnswer): readonly string[] =>
  table(
    ['at', 'thief', 'distance', 'PnL', 'victim', 'distance', 'PnL', 'fight', 'cooldown'],
    steals.map((each) => [
      timeText(each.at), each.thief, percentText(each.thiefDistance), orDash(each.thiefPnl),
      each.victim, percentText(each.victimDistance), orDash(each.victimPnl), each.fight ? 'yes' : '', ageText(each.cooldownSeconds),
    ]),
    'No steal in that time.',
  );

/** Writes how many dead letters wait in each queue. */
export const deadLetterLines = ({ queues }: DeadLettersAnswer): readonly string[] =>
  table(['queue', 'waiting'], queues.map(({ queue, waiting }) => [queue, String(waiting)]), 'There is no queue with dead letters.');
