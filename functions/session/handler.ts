// What follows the market's day: reset, auto-exit, expiry, out-of-hours runs, the day's report; and what a person says by direct call.
import * as z from 'zod';
import { adoptPosition } from '../../shared/adopt-position.ts';
import { writeDailyReport } from '../../shared/daily-report.ts';
import type { ReportDeps } from '../../shared/daily-report.ts';
import { unreachable } from '../../shared/domain/room.ts';
import type { TraceContext } from '../../shared/ports.ts';
import { takeOverRestored } from '../../shared/restore.ts';
import { resetSession, runSession, setKillSwitch } from '../../shared/sessions.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { processEnvironment } from '../support/env.ts';
import { choiceField, symbolField, tableField } from '../support/fields.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { scheduleField, tellRun } from '../support/heartbeat.ts';
import { readWith } from '../support/input-error.ts';
import { killScopeField, listedScope } from '../support/kill-scope.ts';
import { createSessionDeps } from '../support/session-deps.ts';

const dateField = z.string({ error: 'a day as YYYY-MM-DD' }).nullable().default(null);

const run = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: choiceField(['AUTO_EXIT', 'EXPIRY', 'CRYPTO_RUN']), schedule: scheduleField }),
    z.strictObject({ kind: z.literal('PRE_OPEN_RESET'), hours: choiceField(['NYSE', 'NSE', 'ALWAYS']).default('NYSE'), schedule: scheduleField }),
    z.strictObject({ kind: z.literal('DAILY_REPORT'), date: dateField, schedule: scheduleField }),
    z.strictObject({ kind: z.literal('ADOPT'), symbol: symbolField }),
    z.strictObject({ kind: z.literal('RESTORE'), table: tableField }),
    z.strictObject({ kind: z.literal('KILL_SWITCH'), scope: killScopeField, state: choiceField(['ACTIVE', 'PAUSED', 'REDUCING', 'HALTED']) }),
  ],
  { error: 'an object of kind PRE_OPEN_RESET, AUTO_EXIT, EXPIRY, CRYPTO_RUN, DAILY_REPORT, ADOPT, RESTORE or KILL_SWITCH' },
);

/** Builds the handler of the scheduled runs and the daily report (MH-3), of the kill switch (KS-1) and of adoptions (SL-11). */
export const createHandler = (deps: ReportDeps): House<undefined> =>
  createHouse(deps, 'schedule', async (event, trace) => {
    const wanted = readWith(run, event, 'event');
    await carryOut(deps, wanted, trace);
    if ('schedule' in wanted) tellRun(deps.telemetry, wanted.schedule);
    return undefined;
  });

type Run = z.infer<typeof run>;
type Said = Extract<Run, { readonly kind: 'KILL_SWITCH' | 'ADOPT' | 'RESTORE' }>;

const isSaid = (wanted: Run): wanted is Said => wanted.kind === 'KILL_SWITCH' || wanted.kind === 'ADOPT' || wanted.kind === 'RESTORE';

const carryOut = (deps: ReportDeps, wanted: Run, trace: TraceContext): Promise<unknown> =>
  isSaid(wanted) ? carryOutSaid(deps, wanted, trace) : carryOutDue(deps, wanted, trace);

const carryOutSaid = async (deps: ShellDeps, said: Said, trace: TraceContext): Promise<unknown> => {
  switch (said.kind) {
    case 'KILL_SWITCH':
      return setKillSwitch(deps, { scope: await listedScope(deps, said.scope), state: said.state, who: null }, trace);
    case 'ADOPT':
      return adoptPosition(deps, said.symbol, trace);
    case 'RESTORE':
      return takeOverRestored(deps, said.table, trace);
    default:
      return unreachable(said);
  }
};

const carryOutDue = async (deps: ReportDeps, due: Exclude<Run, Said>, trace: TraceContext): Promise<unknown> => {
  switch (due.kind) {
    case 'PRE_OPEN_RESET':
      return resetSession(deps, due.hours, trace);
    case 'DAILY_REPORT':
      return writeDailyReport(deps, due.date, trace);
    case 'AUTO_EXIT':
    case 'EXPIRY':
    case 'CRYPTO_RUN':
      return runSession(deps, due.kind, trace);
    default:
      return unreachable(due);
  }
};

export { createSessionDeps as createDeps };
export const handler = lazily(() => createHandler(createSessionDeps(processEnvironment())));
