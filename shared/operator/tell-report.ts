// A day's report as the operator answers it: the text that people were told, and its sums.
import type { ReportAnswer } from './answers.ts';
import { toPlain } from '../domain/decimal.ts';
import type { DailyReport, Sums } from '../domain/daily-report.ts';
import { reportText } from '../domain/daily-report-text.ts';

const sumsOf = ({ pairs, quantity, gross, commission, unknown, net }: Sums): ReportAnswer['total'] => ({
  pairs,
  quantity: toPlain(quantity),
  gross: toPlain(gross),
  commission: toPlain(commission),
  unknown,
  net: net === null ? null : toPlain(net),
});

/** Writes a report as an answer. */
export const reportAnswer = (report: DailyReport): ReportAnswer => ({
  kind: 'REPORT',
  date: report.date,
  from: report.from,
  to: report.to,
  writtenAt: report.writtenAt,
  text: reportText(report),
  total: sumsOf(report.total),
  symbols: report.symbols.map((each) => ({ symbol: each.symbol, ...sumsOf(each) })),
  steals: report.steals,
  lostLots: report.lostLots,
  unpaired: report.unpaired,
});
