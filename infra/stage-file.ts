// The settings file of a stage: everything that is wrong with it is said at once, by field.
import type * as z from 'zod';
import { SETTING_NAMES, parseSettings } from '../shared/settings.ts';
import { SANDBOX_VENUES } from '../shared/venue-names.ts';
import { stageSchema } from './stage-schema.ts';
import type { GivenPlace, GivenStage } from './stage-schema.ts';
import { STAGE_NAMES } from './stages.ts';
import type { Stage, StageName, VenuePlace } from './stages.ts';

/** Says which fields of a stage's file stop the synthesis, all of them at once. */
export class StageError extends Error {
  constructor(file: string, faults: readonly string[], options?: ErrorOptions) {
    super(faults.map((fault) => `${file}, ${fault}`).join('\n'), options);
    this.name = 'StageError';
  }
}

const nameOf = (path: readonly PropertyKey[]): string => path.map(String).join('.');

// What was found is not repeated: it may be a secret that was put in the place of its name.
const faultsOf = (issue: z.core.$ZodIssue): readonly string[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${nameOf([...issue.path, key])}: there is no such field here`);
  }
  const field = nameOf(issue.path);
  return [`${field === '' ? 'the whole' : field}: expected ${issue.message}`];
};

const optionsOf = ({ options }: Extract<GivenPlace, { kind: 'EXCHANGE' }>): Readonly<Record<string, string>> => {
  const flag = (value: boolean): string => (value ? '1' : '0');
  return {
    ...(options.feed === undefined ? {} : { ALPACA_FEED: options.feed }),
    ...(options.fractions === undefined ? {} : { ALPACA_FRACTIONS: flag(options.fractions) }),
    ...(options.extendedHours === undefined ? {} : { ALPACA_EXTENDED_HOURS: flag(options.extendedHours) }),
  };
};

const placeOf = (place: GivenPlace): VenuePlace =>
  place.kind === 'PAPER' ? place : { ...place, options: optionsOf(place) };

const exchangeFaults = (place: GivenPlace): readonly string[] => {
  if (place.kind === 'PAPER') return [];
  const { venue, sandbox, options } = place;
  return [
    ...(sandbox && !SANDBOX_VENUES.has(venue) ? [`place.sandbox: expected false, since ${venue} has no sandbox that can be reached`] : []),
    ...(venue === 'alpaca' ? [] : Object.keys(options).map((name) => `place.options.${name}: expected with the venue alpaca alone`)),
  ];
};

/** The words that let a stage trade with real money. */
export const confirmationOf = (account: string, venue: string): string => `account ${account} trades with real money at ${venue}`;

// Whether money is at stake is said twice: by the stage that is asked for and by its file.
const kindOf = (place: GivenPlace): StageName => {
  if (place.kind === 'PAPER') return 'paper';
  return place.sandbox ? 'sandbox' : 'live';
};

const PLACES: Readonly<Record<StageName, string>> = {
  paper: 'place.kind: expected PAPER at the stage paper',
  sandbox: 'place: expected an EXCHANGE with sandbox true at the stage sandbox',
  live: 'place: expected an EXCHANGE with sandbox false at the stage live',
};

const moneyFaults = (kind: StageName, { place, account, confirmation }: GivenStage): readonly string[] => {
  if (kindOf(place) !== kind) return [PLACES[kind]];
  if (place.kind === 'PAPER' || place.sandbox) {
    return confirmation === null ? [] : ['confirmation: expected at the stage live alone'];
  }
  const words = confirmationOf(account, place.venue);
  return confirmation === words ? [] : [`confirmation: this stage trades with real money; to let it, write exactly "${words}"`];
};

const nameFaults = (kind: StageName, { name }: GivenStage): readonly string[] =>
  STAGE_NAMES.some((other) => other !== kind && other === name) ? [`name: expected another: ${name} is the name of the stage ${name}, whose stack this would become`] : [];

const keepingFaults = (kind: StageName, { keepsData }: GivenStage): readonly string[] =>
  kind === 'live' && !keepsData ? ['keepsData: expected true at the stage live, whose table says what is whose at the venue'] : [];

const restoreFaults = ({ restoredTable, writesNewest }: GivenStage): readonly string[] =>
  restoredTable !== null && !writesNewest ? ['writesNewest: expected true with a restored table, whose floor the older schema does not keep'] : [];

const settingsOf = ({ settings }: GivenStage): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));

const settingFaults = (settings: Readonly<Record<string, string>>): readonly string[] => {
  const unknown = Object.keys(settings).filter((name) => !SETTING_NAMES.includes(name));
  if (unknown.length > 0) return unknown.map((name) => `settings.${name}: there is no such setting`);
  try {
    parseSettings(settings);
    return [];
  } catch (error) {
    if (!(error instanceof Error && error.name === 'SettingsError')) throw error;
    // A line for each setting, which begins with its name.
    return error.message.split('\n').map((line) => `settings.${line}`);
  }
};

/**
 * Reads what the file of a stage holds.
 * @throws StageError naming the file and every field that is wrong, unknown or missing, and what confirms a live stage
 */
export const parseStage = (kind: StageName, file: string, content: unknown): Stage => {
  const parsed = stageSchema.safeParse(content);
  if (!parsed.success) throw new StageError(file, parsed.error.issues.flatMap(faultsOf), { cause: parsed.error });
  const { confirmation: _confirmed, place, ...given } = parsed.data;
  const settings = settingsOf(parsed.data);
  const faults = [...exchangeFaults(place), ...moneyFaults(kind, parsed.data), ...nameFaults(kind, parsed.data), ...keepingFaults(kind, parsed.data), ...restoreFaults(parsed.data), ...settingFaults(settings)];
  if (faults.length > 0) throw new StageError(file, faults);
  return { ...given, kind, place: placeOf(place), settings };
};
