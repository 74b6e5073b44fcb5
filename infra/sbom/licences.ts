// Which licences what is bundled may have: those that ask for no more than to be named.
import parse from 'spdx-expression-parse';
import type { Expression } from 'spdx-expression-parse';
import { keyOf } from './bundled-packages.ts';
import type { BundledPackage } from './bundled-packages.ts';

const ALLOWED: ReadonlySet<string> = new Set(['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0', 'Unlicense']);

const allows = (expression: Expression): boolean => {
  if ('license' in expression) return ALLOWED.has(expression.license);
  const { conjunction, left, right } = expression;
  return conjunction === 'or' ? allows(left) || allows(right) : allows(left) && allows(right);
};

/** Tells whether a licence, an SPDX expression, may travel; one that is none, or is not told, may not. */
export const isAllowed = (licence: string | null): boolean => {
  if (licence === null) return false;
  try {
    return allows(parse(licence));
  } catch {
    return false;
  }
};

/** Names each package that may not travel, in a line. */
export const refusals = (packages: readonly BundledPackage[]): readonly string[] =>
  packages
    .filter(({ licence }) => !isAllowed(licence))
    .map((bundled) => `${keyOf(bundled)}: its licence, ${bundled.licence ?? 'which it does not tell'}, is not on the list of infra/sbom/licences.ts`);
