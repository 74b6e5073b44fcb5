// How large a function may be, minified: what is loaded at a cold start is waited for.
import type { FunctionName } from '../access.ts';
import type { VenueName } from '../../shared/venue-names.ts';
import { VENUE_NAMES } from '../../shared/venue-names.ts';

const KIB = 1024;

/** ENFORCED: to be larger fails. AIM: told beside, and not reached yet; its own bound keeps it from growing back. */
export type Figure =
  | { readonly kind: 'ENFORCED'; readonly bytes: number }
  | { readonly kind: 'AIM'; readonly bytes: number; readonly bound: number };

const WITH_A_VENUE: Figure = { kind: 'ENFORCED', bytes: 1536 * KIB };
const HOT: Figure = { kind: 'AIM', bytes: 400 * KIB, bound: 600 * KIB };

const FIGURES: Readonly<Record<FunctionName, Figure | null>> = {
  'order-action': WITH_A_VENUE,
  'quote-poll': WITH_A_VENUE,
  reconcile: WITH_A_VENUE,
  'entry-watch': HOT,
  'order-webhook': HOT,
  'steal-attempt': HOT,
  'plan-intake': null,
  session: null,
  operator: null,
};

/** The bundles that are measured: those that ask a venue once for each, the others once. */
export const MEASURED: readonly { readonly functionName: FunctionName; readonly venue: VenueName; readonly figure: Figure | null }[] = [
  ...named(['entry-watch', 'order-webhook', 'steal-attempt', 'plan-intake', 'session', 'operator'], ['paper']),
  ...named(['order-action', 'quote-poll', 'reconcile'], VENUE_NAMES),
];

function named(functionNames: readonly FunctionName[], venues: readonly VenueName[]): typeof MEASURED {
  return functionNames.flatMap((functionName) => venues.map((venue) => ({ functionName, venue, figure: FIGURES[functionName] })));
}

/** Whether a bundle is larger than it may be. */
export function isTooLarge(bytes: number, figure: Figure | null): boolean {
  if (figure === null) return false;
  return bytes > (figure.kind === 'ENFORCED' ? figure.bytes : figure.bound);
}
