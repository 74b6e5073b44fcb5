// Each command by its own part of the shell: reads tell, changes go by the same commits as everything else.
import type { OperatorCommand } from './command-schema.ts';
import { adoptPosition } from '../../shared/adopt-position.ts';
import { readReport } from '../../shared/daily-report.ts';
import type { KillScope } from '../../shared/domain/account.ts';
import { lastReportDay } from '../../shared/domain/daily-report.ts';
import { unreachable } from '../../shared/domain/room.ts';
import { InvalidInputError, RestoreUntoldError, SchemaNotFlippedError } from '../../shared/errors.ts';
import type {
  AdoptAnswer, DeadLettersAnswer, KillSwitchAnswer, RedriveAnswer, RestoredAnswer,
} from '../../shared/operator/answers.ts';
import type { OperatorDeps } from '../../shared/operator/operator-deps.ts';
import { reportAnswer } from '../../shared/operator/tell-report.ts';
import { tellOrders } from '../../shared/operator/tell-orders.ts';
import { tellPositions } from '../../shared/operator/tell-positions.ts';
import { tellStatus } from '../../shared/operator/tell-status.ts';
import { tellSteals } from '../../shared/operator/tell-steals.ts';
import { tellJournal, tellWhy } from '../../shared/operator/tell-why.ts';
import type { TraceContext } from '../../shared/ports.ts';
import { InputError } from '../support/input-error.ts';
import { listedScope } from '../support/kill-scope.ts';
import { countDeadLetters, redriveDeadLetters } from '../../shared/redrive.ts';
import { takeOverRestored } from '../../shared/restore.ts';
import { EquityUnknownError, setKillSwitch } from '../../shared/sessions.ts';

const CONFLICT = 409;

/** Who asks, and under which trace. */
export interface Asker {
  readonly who: string;
  readonly trace: TraceContext;
}

type Of<Kind extends OperatorCommand['kind']> = Extract<OperatorCommand, { kind: Kind }>;

const scopeName = (scope: KillScope): string => {
  switch (scope.kind) {
    case 'ACCOUNT':
      return 'account';
    case 'CLASS':
      return scope.assetClass;
    case 'SYMBOL':
      return scope.symbol;
    default:
      return unreachable(scope);
  }
};

const throwSwitch = async (deps: OperatorDeps, { scope: asked, state, lifts }: Of<'KILL_SWITCH'>, { who, trace }: Asker): Promise<KillSwitchAnswer> => {
  const scope = await listedScope(deps, asked);
  const answer = await setKillSwitch(deps, { scope, state, who, onlyTightens: state !== 'ACTIVE' && !lifts }, trace);
  return { kind: 'KILL_SWITCH', scope: scopeName(scope), ...answer };
};

const adopt = async (deps: OperatorDeps, { symbol }: Of<'ADOPT'>, { trace }: Asker): Promise<AdoptAnswer> => {
  const applied = await adoptPosition(deps, symbol, trace);
  return { kind: 'ADOPT', symbol, adopted: applied.kind === 'COMMITTED', reason: applied.reason };
};

const countLetters = async (deps: OperatorDeps): Promise<DeadLettersAnswer> => ({ kind: 'DEAD_LETTERS', queues: [...(await countDeadLetters(deps))] });

const redrive = async (deps: OperatorDeps, { queue, most }: Of<'REDRIVE'>, { who, trace }: Asker): Promise<RedriveAnswer> => {
  const { moved, left } = await redriveDeadLetters(deps, { queue, most, who }, trace);
  return { kind: 'REDRIVE', queue, moved, left };
};

const takeOver = async (deps: OperatorDeps, { table }: Of<'RESTORE'>, { trace }: Asker): Promise<RestoredAnswer> => ({
  kind: 'RESTORE',
  table,
  ...(await takeOverRestored(deps, table, trace)),
});

const tellReport = async (deps: OperatorDeps, { date }: Of<'REPORT'>) => {
  const report = await readReport(deps, date ?? lastReportDay(deps.clock.now(), deps.calendar).date);
  if (report === null) throw new InvalidInputError('date', 'a day whose report was written');
  return reportAnswer(report);
};

type Asked = Of<'STATUS' | 'ORDERS' | 'POSITIONS' | 'STEALS' | 'WHY' | 'JOURNAL' | 'DEAD_LETTERS' | 'REPORT'>;
type Past = Extract<Asked, { kind: 'WHY' | 'JOURNAL' | 'REPORT' }>;
type Change = Exclude<OperatorCommand, Asked>;

const isPast = (asked: Asked): asked is Past => asked.kind === 'WHY' || asked.kind === 'JOURNAL' || asked.kind === 'REPORT';

const tellPresent = async (deps: OperatorDeps, asked: Exclude<Asked, Past>): Promise<unknown> => {
  switch (asked.kind) {
    case 'STATUS':
      return tellStatus(deps);
    case 'ORDERS':
      return tellOrders(deps);
    case 'POSITIONS':
      return tellPositions(deps);
    case 'STEALS':
      return tellSteals(deps, asked.hours);
    case 'DEAD_LETTERS':
      return countLetters(deps);
    default:
      return unreachable(asked);
  }
};

const tellPast = async (deps: OperatorDeps, asked: Past): Promise<unknown> => {
  switch (asked.kind) {
    case 'WHY':
      return tellWhy(deps, asked.symbol, asked);
    case 'JOURNAL':
      return tellJournal(deps, asked.symbol, asked);
    case 'REPORT':
      return tellReport(deps, asked);
    default:
      return unreachable(asked);
  }
};

const change = async (deps: OperatorDeps, asked: Change, asker: Asker): Promise<unknown> => {
  switch (asked.kind) {
    case 'KILL_SWITCH':
      return throwSwitch(deps, asked, asker);
    case 'ADOPT':
      return adopt(deps, asked, asker);
    case 'REDRIVE':
      return redrive(deps, asked, asker);
    case 'RESTORE':
      return takeOver(deps, asked, asker);
    default:
      return unreachable(asked);
  }
};

const subjectOf = (asked: Change): Readonly<Record<string, string>> => {
  switch (asked.kind) {
    case 'KILL_SWITCH':
      return { state: asked.state, scope: asked.scope.kind, ...(asked.scope.kind === 'SYMBOL' ? { symbol: asked.scope.symbol } : {}) };
    case 'ADOPT':
      return { symbol: asked.symbol };
    case 'REDRIVE':
      return { queue: asked.queue };
    case 'RESTORE':
      return { table: asked.table };
    default:
      return unreachable(asked);
  }
};

const CHANGES: ReadonlySet<OperatorCommand['kind']> = new Set(['KILL_SWITCH', 'ADOPT', 'REDRIVE', 'RESTORE'] satisfies readonly Change['kind'][]);

const isChange = (asked: OperatorCommand): asked is Change => CHANGES.has(asked.kind);

// What a person has to mend first: sent again as it is, it would be refused again.
const refusing = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    const isForPerson = error instanceof RestoreUntoldError || error instanceof SchemaNotFlippedError || error instanceof EquityUnknownError;
    if (!isForPerson) throw error;
    throw new InputError(CONFLICT, 'command', `another state of the account: ${error.message}`, { cause: error });
  }
};

/** Carries out one command; who asked for a change is told before it is tried, so that a refused one is known too. */
export const carryOut = async (deps: OperatorDeps, asked: OperatorCommand, asker: Asker): Promise<unknown> => {
  if (!isChange(asked)) return isPast(asked) ? tellPast(deps, asked) : tellPresent(deps, asked);
  const fields = { command: asked.kind, ...subjectOf(asked), who: asker.who };
  deps.telemetry.record({ name: 'OPERATOR', level: 'INFO', message: `${asker.who} asks for ${asked.kind}`, fields }, asker.trace);
  return refusing(() => change(deps, asked, asker));
};
