// What of the whole account stands in the way of an entry: equity that is not known, and the kill switch (WS-2, KS-1).
import { toPlain } from './decimal.ts';
import { isEquityRecent } from './entry-requirement.ts';
import { spanOf } from './explain-words.ts';
import type { Known, Reason } from './explain-words.ts';
import type { Slot } from './slot.ts';

const CLASS_WORDS = { stock: 'stocks', crypto: 'crypto' } as const;

/** Says which switches keep a symbol from entering, each with its scope; none where entries may go out. */
export const killScopesFor = ({ assetClass, symbol }: Pick<Slot, 'assetClass' | 'symbol'>, { snapshot }: Known): readonly string[] => {
  const kill = snapshot.capacity?.kill;
  if (kill === undefined) return [];
  const states = [
    [kill.account, 'the account'],
    [kill[assetClass], CLASS_WORDS[assetClass]],
    [kill.symbols[symbol] ?? 'ACTIVE', symbol],
  ] as const;
  return states.filter(([state]) => state !== 'ACTIVE').map(([state, scope]) => `${state} for ${scope}`);
};

/** Says why the account's room is not known (WS-2): then nothing enters. */
export const equityFault = ({ snapshot, context }: Known): string => {
  const { capacity } = snapshot;
  if (capacity === null) return 'the account\'s equity has not been read yet';
  return `equity was last read ${spanOf(context.now - capacity.equityAt)} ago, and counts for ${context.settings.equityMaxAgeSeconds} s`;
};

/** Says what room there is (WS-2). */
export const explainAccount = (known: Known): Reason => {
  const { capacity } = known.snapshot;
  if (!isEquityRecent(capacity, known.context)) return { about: 'ACCOUNT', code: 'CAPACITY_UNKNOWN', words: `nothing enters: ${equityFault(known)}` };
  return { about: 'ACCOUNT', code: 'CAPACITY', words: `of a capacity of ${toPlain(capacity.cap)}, ${toPlain(capacity.free)} is free` };
};
