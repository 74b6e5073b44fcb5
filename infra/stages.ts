// What differs between the places the pipeline is deployed to.
import type { StopMoves } from '../shared/domain/context.ts';

/** One place: whether its data outlives it, whose account it trades, at which venue, with which settings. */
export interface Stage {
  readonly name: string;
  readonly keepsData: boolean;
  readonly account: string;
  readonly venue: 'paper';
  readonly venueUrl: string;
  /** How stops are moved there (SL-5), in the place of the venue's own way; null for that. */
  readonly stopMoves: StopMoves | null;
  /** Settings by their environment names; what is not named has its default. */
  readonly settings: Readonly<Record<string, string>>;
}

type ReadContext = (name: string) => string | undefined;

// The paper venue beside a local cloud; the local cloud puts its real port in its place.
const LOCAL_VENUE = 'http://127.0.0.1:8790';

const STOP_MOVES = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const satisfies readonly StopMoves[];

const required = (context: ReadContext, name: string): string => {
  const value = context(name);
  if (value === undefined || value === '') throw new Error(`Stage production: expected -c ${name}=… to be given`);
  return value;
};

const stopMovesOf = (context: ReadContext): StopMoves | null => {
  const given = context('stopMoves');
  if (given === undefined) return null;
  const known = STOP_MOVES.find((moves) => moves === given);
  if (known === undefined) throw new Error(`stopMoves: expected ${STOP_MOVES.join(', ')}, found ${given}`);
  return known;
};

const paper = (context: ReadContext): Stage => ({
  name: 'paper',
  keepsData: false,
  account: context('account') ?? 'main',
  venue: 'paper',
  venueUrl: context('venueUrl') ?? LOCAL_VENUE,
  stopMoves: stopMovesOf(context),
  settings: {},
});

const production = (context: ReadContext): Stage => ({
  name: 'production',
  keepsData: true,
  account: required(context, 'account'),
  venue: 'paper',
  venueUrl: required(context, 'venueUrl'),
  stopMoves: stopMovesOf(context),
  settings: {},
});

/**
 * Chooses the stage that `-c stage=…` names; paper without one.
 * @throws Error for a stage that does not exist, a production stage without its account or venue, or a way to move stops that there is not
 */
export const readStage = (context: ReadContext): Stage => {
  const name = context('stage') ?? 'paper';
  switch (name) {
    case 'paper':
      return paper(context);
    case 'production':
      return production(context);
    default:
      throw new Error(`stage: expected paper or production, found ${name}`);
  }
};
