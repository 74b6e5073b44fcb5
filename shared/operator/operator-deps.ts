// What the operator is given beside what every function has: the journal, the dead letters, the reports, what is known of the venue.
import type { DeadLetters, Journal, Reports, VenueStates } from '../ports.ts';
import type { ShellDeps } from '../shell-deps.ts';

export interface OperatorDeps extends ShellDeps {
  readonly journal: Journal;
  readonly deadLetters: DeadLetters;
  readonly reports: Reports;
  readonly venueStates: Pick<VenueStates, 'find'>;
}
