// Errors that belong to the ports: whoever plugs in throws these, the shell catches these.
import type { VenuePause } from './domain/event.ts';

/** What lost a race: the item, what the commit was based on and what was found in its place. */
export interface Conflict {
  readonly item: string;
  readonly expected: string;
  readonly found: string;
}

/** Says that a commit wrote nothing because an item was no longer as it was seen; decide again. */
export class ConflictError extends Error {
  readonly item: string;
  readonly expected: string;
  readonly found: string;

  constructor(conflict: Conflict, options?: ErrorOptions) {
    super(`${conflict.item}: expected ${conflict.expected}, found ${conflict.found}`, options);
    this.name = 'ConflictError';
    this.item = conflict.item;
    this.expected = conflict.expected;
    this.found = conflict.found;
  }
}

/** Says that an item or a message was written by newer code than this; leave it to that. */
export class SchemaTooNewError extends Error {
  readonly item: string;
  readonly schema: number;

  constructor(item: string, schema: number, known: number) {
    super(`${item}: schema ${schema} is newer than ${known}, the newest known here`);
    this.name = 'SchemaTooNewError';
    this.item = item;
    this.schema = schema;
  }
}

/** Says that something has no place in the schema that is written now: releases that run beside this one would not see it. */
export class SchemaNotFlippedError extends Error {
  readonly item: string;

  constructor(item: string, what: string) {
    super(`${item}: ${what} is kept by the newest schema alone: set writesNewest in the stage's file and deploy, then try again`);
    this.name = 'SchemaNotFlippedError';
    this.item = item;
  }
}

/** Says that a table was restored and has not been told so: nothing is done on it until then. */
export class RestoreUntoldError extends Error {
  readonly table: string;

  constructor(table: string) {
    super(`table ${table} was restored from a backup and has not been told so: say: claimjump restored ${table}`);
    this.name = 'RestoreUntoldError';
    this.table = table;
  }
}

/** Says that the store gave no answer, or had no time for us, in every try; what was asked may have taken effect. */
export class StoreUnavailableError extends Error {
  constructor(operation: string, tries: number, options?: ErrorOptions) {
    super(`${operation}: the store did not do it in ${tries} tries`, options);
    this.name = 'StoreUnavailableError';
  }
}

/** Says that a venue gave no answer that can be read; nothing may be concluded from it (SL-11). */
export class VenueReadError extends Error {
  /** What the venue asked for, where it sheds load or has banned us. */
  readonly pause: VenuePause | null;

  constructor(message: string, options?: ErrorOptions & { readonly pause?: VenuePause | null }) {
    super(message, options);
    this.name = 'VenueReadError';
    this.pause = options?.pause ?? null;
  }
}

/** Says that a venue was not asked at all: it wants quiet, or its budget is spent; nothing may be concluded from it. */
export class VenueHeldError extends VenueReadError {
  readonly reason: string;
  readonly milliseconds: number;

  constructor(reason: string, milliseconds: number) {
    super(`the venue is not asked now: ${reason}`);
    this.name = 'VenueHeldError';
    this.reason = reason;
    this.milliseconds = milliseconds;
  }
}

/** One setting that cannot be used, and what it should have been. */
export interface SettingFault {
  readonly setting: string;
  readonly found: string;
  readonly expected: string;
}

/** Says which settings stop the start, all of them at once. */
export class SettingsError extends Error {
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[], options?: ErrorOptions) {
    super(faults.map((fault) => `${fault.setting}: expected ${fault.expected}, found ${fault.found}`).join('\n'), options);
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** Says which field of an input from outside is not what it has to be. */
export class InvalidInputError extends Error {
  readonly field: string;
  readonly expected: string;

  constructor(field: string, expected: string, options?: ErrorOptions) {
    super(`${field}: expected ${expected}`, options);
    this.name = 'InvalidInputError';
    this.field = field;
    this.expected = expected;
  }
}

/** Says that the journal gave no answer. */
export class JournalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(`journal: ${message}`, options);
    this.name = 'JournalError';
  }
}

/** Says why an account is not resumed on a restored table yet: to whoever asked for it. */
export class RestoreUnsettledError extends InvalidInputError {
  readonly findings: readonly string[];

  constructor(findings: readonly string[]) {
    super('state', `an account that reconcile has found in order since the restore, and it has not: ${findings.length === 0 ? 'its next run is still to come' : findings.join('; ')}`);
    this.name = 'RestoreUnsettledError';
    this.findings = findings;
  }
}
