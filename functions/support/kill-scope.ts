// Where a person throws the kill switch (KS-1), as the operator and a direct call of session say it.
import * as z from 'zod';
import type { KillScope } from '../../shared/domain/account.ts';
import { findMarketOf } from '../../shared/plan-watch.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { choiceField, symbolField } from './fields.ts';

const assetClassField = choiceField(['stock', 'crypto']);

/** Reads the scope of a kill switch (KS-1). */
export const killScopeField = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('ACCOUNT') }),
    z.strictObject({ kind: z.literal('CLASS'), assetClass: assetClassField }),
    z.strictObject({ kind: z.literal('SYMBOL'), symbol: symbolField, assetClass: assetClassField.nullable().default(null) }),
  ],
  { error: 'a scope of kind ACCOUNT, CLASS or SYMBOL' },
);

/**
 * Names a scope's symbol as the venue lists it: in another spelling, or misspelt, it would be halted in name and go on trading.
 * @throws InvalidInputError for a symbol that is not listed
 */
export const listedScope = async (deps: ShellDeps, asked: z.infer<typeof killScopeField>): Promise<KillScope> => {
  if (asked.kind !== 'SYMBOL') return asked;
  const { symbol } = await findMarketOf(deps, asked, 'scope.symbol');
  return { kind: 'SYMBOL', symbol };
};
