// Which switches are not ACTIVE, and who the journal says threw each (KS-1).
import type { StatusAnswer } from './answers.ts';
import type { OperatorDeps } from './operator-deps.ts';
import type { KillState, KillSwitch } from '../domain/account.ts';
import type { Known } from '../domain/explain-words.ts';
import { nextReset } from '../domain/session-reset.ts';
import type { JournalEntry } from '../ports.ts';

type Switch = StatusAnswer['kill'][number];

export interface KillSwitches {
  readonly switches: readonly Switch[];
  /** Whether the journal could be read for them. */
  readonly isKnown: boolean;
}

interface Scoped {
  readonly scope: string;
  readonly state: KillState;
}

const WEEK_MS = 604_800_000;
const MOST_ENTRIES = 200;

const scopesOf = (kill: KillSwitch): readonly Scoped[] =>
  [
    { scope: 'account', state: kill.account },
    { scope: 'stock', state: kill.stock },
    { scope: 'crypto', state: kill.crypto },
    ...Object.entries(kill.symbols).map(([scope, state]) => ({ scope, state })),
  ].filter(({ state }) => state !== 'ACTIVE');

const isAbout = (entry: JournalEntry, { scope, state }: Scoped): boolean => {
  const { scope: kind, symbol, assetClass } = entry.fields;
  if (!entry.message.includes(`→ ${state}`)) return false;
  if (scope === 'account') return kind === 'ACCOUNT';
  return kind === 'CLASS' ? assetClass === scope : symbol === scope;
};

const told = (scoped: Scoped, entries: readonly JournalEntry[], until: number | null): Switch => {
  const entry = entries.findLast((each) => isAbout(each, scoped));
  const by = entry?.fields['by'] ?? null;
  return { ...scoped, until, by: by === null ? null : String(by), why: entry?.message ?? null, at: entry?.at ?? null };
};

/** Lists the switches that are thrown, with what is known of each; with none the journal is not asked. */
export const killSwitches = async (deps: OperatorDeps, { snapshot: { capacity }, context: { now, calendar } }: Known): Promise<KillSwitches> => {
  const scopes = capacity === null ? [] : scopesOf(capacity.kill);
  if (capacity === null || scopes.length === 0) return { switches: [], isKnown: true };
  const lifted = capacity.passing === null ? null : nextReset(now, calendar);
  const tell = (entries: readonly JournalEntry[]): readonly Switch[] =>
    scopes.map((scoped) => told(scoped, entries, scoped.scope === 'account' ? lifted : null));
  try {
    const entries = await deps.journal.read({ symbol: null, fact: 'KILL_SWITCH', from: now - WEEK_MS, to: now, most: MOST_ENTRIES });
    return { switches: tell(entries), isKnown: true };
  } catch {
    return { switches: tell([]), isKnown: false };
  }
};
