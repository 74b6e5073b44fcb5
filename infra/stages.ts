// What differs between the places the pipeline is deployed to.
import type { StopMoves } from '../shared/domain/context.ts';
import { SANDBOX_VENUES, VENUE_NAMES } from '../shared/venue-names.ts';
import type { VenueName } from '../shared/venue-names.ts';

/** Where orders go: to a paper venue at an address, or to an exchange with the keys of a secret, named and never held here. */
export type VenuePlace =
  | { readonly kind: 'PAPER'; readonly url: string }
  | {
      readonly kind: 'EXCHANGE';
      readonly venue: Exclude<VenueName, 'paper'>;
      readonly secretName: string;
      readonly sandbox: boolean;
      /** What only this exchange is told, by environment names. */
      readonly options: Readonly<Record<string, string>>;
    };

/** One place: whether its data outlives it, whose account it trades, at which venue, with which settings. */
export interface Stage {
  readonly name: string;
  readonly keepsData: boolean;
  readonly account: string;
  readonly place: VenuePlace;
  /** How stops are moved there (SL-5), in the place of the venue's own way; null for that. */
  readonly stopMoves: StopMoves | null;
  /** Settings by their environment names; what is not named has its default. */
  readonly settings: Readonly<Record<string, string>>;
}

type ReadContext = (name: string) => string | undefined;

/** The name of a place's venue, as its functions know it. */
export const venueOf = (place: VenuePlace): VenueName => (place.kind === 'PAPER' ? 'paper' : place.venue);

// The paper venue beside a local cloud; the local cloud puts its real port in its place.
const LOCAL_VENUE = 'http://127.0.0.1:8790';

const STOP_MOVES = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const satisfies readonly StopMoves[];

const required = (context: ReadContext, name: string): string => {
  const value = context(name);
  if (value === undefined || value === '') throw new Error(`Stage production: expected -c ${name}=… to be given`);
  return value;
};

const oneOf = <Word extends string>(name: string, found: string, words: readonly Word[]): Word => {
  const known = words.find((word) => word === found);
  if (known === undefined) throw new Error(`${name}: expected ${words.join(', ')}, found ${found}`);
  return known;
};

const stopMovesOf = (context: ReadContext): StopMoves | null => {
  const given = context('stopMoves');
  return given === undefined ? null : oneOf('stopMoves', given, STOP_MOVES);
};

const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;

const secretNameOf = (context: ReadContext): string => {
  const name = required(context, 'exchangeSecret');
  if (!SECRET_NAME.test(name)) throw new Error('exchangeSecret: expected the name of a secret: letters, digits and /_+=.@-');
  return name;
};

// Whether money is at stake is said each time, and never assumed.
const sandboxOf = (context: ReadContext, venue: VenueName): boolean => {
  const sandbox = oneOf('sandbox', required(context, 'sandbox'), ['0', '1']) === '1';
  if (sandbox && !SANDBOX_VENUES.has(venue)) throw new Error(`sandbox: expected 0, since ${venue} has no sandbox that can be reached`);
  return sandbox;
};

const ALPACA_OPTIONS = [
  { name: 'alpacaFeed', environment: 'ALPACA_FEED', words: ['iex', 'sip'] },
  { name: 'alpacaFractions', environment: 'ALPACA_FRACTIONS', words: ['0', '1'] },
  { name: 'alpacaExtendedHours', environment: 'ALPACA_EXTENDED_HOURS', words: ['0', '1'] },
] as const;

const optionsOf = (context: ReadContext, venue: VenueName): Readonly<Record<string, string>> => {
  const given = ALPACA_OPTIONS.flatMap(({ name, environment, words }) => {
    const value = context(name);
    return value === undefined ? [] : [{ name, environment, value: oneOf<string>(name, value, words) }];
  });
  const [first] = given;
  if (first !== undefined && venue !== 'alpaca') throw new Error(`${first.name}: expected with venue=alpaca alone`);
  return Object.fromEntries(given.map(({ environment, value }) => [environment, value]));
};

const placeOf = (context: ReadContext): VenuePlace => {
  const venue = oneOf('venue', context('venue') ?? 'paper', VENUE_NAMES);
  if (venue === 'paper') return { kind: 'PAPER', url: required(context, 'venueUrl') };
  if (context('venueUrl') !== undefined) throw new Error('venueUrl: expected with venue=paper alone');
  return { kind: 'EXCHANGE', venue, secretName: secretNameOf(context), sandbox: sandboxOf(context, venue), options: optionsOf(context, venue) };
};

const paper = (context: ReadContext): Stage => ({
  name: 'paper',
  keepsData: false,
  account: context('account') ?? 'main',
  place: { kind: 'PAPER', url: context('venueUrl') ?? LOCAL_VENUE },
  stopMoves: stopMovesOf(context),
  settings: {},
});

const production = (context: ReadContext): Stage => ({
  name: 'production',
  keepsData: true,
  account: required(context, 'account'),
  place: placeOf(context),
  stopMoves: stopMovesOf(context),
  settings: {},
});

/**
 * Chooses the stage that `-c stage=…` names; paper without one.
 * @throws Error naming the field that is wrong: a stage or venue that does not exist, a production stage without its account
 * or what its venue needs, a sandbox that there is not
 */
export const readStage = (context: ReadContext): Stage => {
  const name = oneOf('stage', context('stage') ?? 'paper', ['paper', 'production']);
  if (name === 'production') return production(context);
  const venue = context('venue') ?? 'paper';
  if (venue !== 'paper') throw new Error(`venue: expected with stage=production, found ${venue} at stage paper`);
  return paper(context);
};
