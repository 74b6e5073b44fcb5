// Writes a day's report once and tells people of it (MH-3).
import type { DailyReport, ReportDay } from './domain/daily-report.ts';
import { lastReportDay, reportDay, reportOf } from './domain/daily-report.ts';
import { reportText } from './domain/daily-report-text.ts';
import { InvalidInputError } from './errors.ts';
import type { Notices, Reports, TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

export interface ReportDeps extends ShellDeps {
  readonly reports: Reports;
  /** Null where a stack has no topic: a report is then written and told to nobody. */
  readonly notices: Notices | null;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const requireDate = (date: string): string => {
  const at = DATE.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  // A 30th of February would be read as the 2nd of March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) throw new InvalidInputError('date', 'a day as YYYY-MM-DD');
  return date;
};

/** Reads a day's report by its date in New York; null where none was written. @throws InvalidInputError for what is no date */
export const readReport = async (deps: Pick<ReportDeps, 'account'> & { readonly reports: Pick<Reports, 'find'> }, date: string): Promise<DailyReport | null> =>
  deps.reports.find(deps.account, requireDate(date));

const makeReport = async (deps: ReportDeps, day: ReportDay): Promise<DailyReport> => {
  const now = deps.clock.now();
  const { capacity, slots } = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  // Beyond the day's end, too: what was opened in it may have been closed since.
  const past = await deps.reports.readPast(deps.account, day.from, now);
  return reportOf({ day, now, capacity, slots: [...slots.values()], ...past, deadLetters: null });
};

const dayAsked = ({ clock, calendar }: ReportDeps, date: string | null): ReportDay => {
  if (date === null) return lastReportDay(clock.now(), calendar);
  const day = reportDay(requireDate(date), calendar);
  if (day.to > clock.now()) throw new InvalidInputError('date', 'a day that is over: it ends at 17:00 in New York');
  return day;
};

/**
 * Writes the report of a day that is over (null: the last) and tells people, once: whoever comes second finds it written.
 * A crash between the two leaves a report that nobody was told of; it is there to be read.
 * @throws InvalidInputError for what is no day that is over
 */
export const writeDailyReport = async (deps: ReportDeps, date: string | null, trace: TraceContext): Promise<'WRITTEN' | 'THERE_ALREADY'> => {
  const day = dayAsked(deps, date);
  if ((await deps.reports.find(deps.account, day.date)) !== null) return 'THERE_ALREADY';
  const report = await makeReport(deps, day);
  if (!(await deps.reports.keep(deps.account, report))) return 'THERE_ALREADY';
  const { pairs, net } = report.total;
  const fields = { date: day.date, pairs, net: net?.toFixed() ?? null, steals: report.steals };
  deps.telemetry.record({ name: 'DAILY_REPORT', level: 'INFO', message: reportText(report), fields }, trace);
  await deps.notices?.publish(`claimjump ${deps.account}: report of ${day.date}`, reportText(report));
  return 'WRITTEN';
};
