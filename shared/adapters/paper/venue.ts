// The paper venue without its door: every command is done, written down, and told in webhooks, in this order.
import type { Clock } from '../../ports.ts';
import { type Millis, MILLIS_PER_SECOND } from '../../domain/instant.ts';
import { type AnswerEffect, type FaultPlan, type FaultableCall, type Faults, createFaults } from './venue-faults.ts';
import { type VenueEngine, createVenueEngine } from './venue-engine.ts';
import { type JournalEntry, type VenueJournal, VenueJournalError } from './venue-journal.ts';
import type { Applied, VenueCommand, VenueConfig, VenueEvent } from './venue-model.ts';
import { Outbox, type OutboxOptions } from './venue-outbox.ts';

export interface VenueOptions {
  readonly config: VenueConfig;
  readonly clock: Pick<Clock, 'now'>;
  readonly journal: VenueJournal;
  readonly faults: FaultPlan;
  readonly webhooks: Omit<OutboxOptions, 'clock' | 'onSettled'>;
}

/** The account, the orders and the webhooks of the paper venue, as its journal has them. */
export class Venue {
  readonly engine: VenueEngine;
  readonly outbox: Outbox;
  readonly clock: Pick<Clock, 'now'>;
  readonly #journal: VenueJournal;
  readonly #history: VenueEvent[] = [];
  #faults: Faults;
  #broken = false;
  #bannedUntil: Millis = 0;
  #bannedCalls = 0;

  /** @throws VenueJournalError for a journal that does not fit the configuration */
  constructor(options: VenueOptions) {
    this.engine = createVenueEngine(options.config);
    this.clock = options.clock;
    this.#journal = options.journal;
    this.#faults = createFaults(options.faults);
    this.outbox = new Outbox({
      ...options.webhooks,
      clock: options.clock,
      onSettled: (webhook) => this.#journal.append({ kind: 'SETTLED', webhook }),
    });
    this.#replay();
  }

  /** Calls that came while a ban lasted. */
  get bannedCalls(): number {
    return this.#bannedCalls;
  }

  /** What becomes of a call under the faults in force, and under the ban that an earlier one may have brought. */
  effectOf(call: FaultableCall): AnswerEffect | null {
    const now = this.clock.now();
    if (now < this.#bannedUntil) {
      this.#bannedCalls += 1;
      return bannedFor(this.#bannedUntil - now);
    }
    const effect = this.#faults.ofCall(call);
    if (effect?.kind !== 'BAN') return effect;
    this.#bannedUntil = now + effect.seconds * MILLIS_PER_SECOND;
    return bannedFor(this.#bannedUntil - now);
  }

  /** Everything that became of its orders, in its order. */
  get history(): readonly VenueEvent[] {
    return this.#history;
  }

  /** Puts other faults in force, counted from now, and lets go of webhooks that were held back. */
  configureFaults(plan: FaultPlan): void {
    this.#faults = createFaults(plan);
    this.outbox.release();
  }

  /** Does one command and keeps it. Throws when it could not be written down, and from then on. */
  execute(command: VenueCommand): Applied {
    if (this.#broken) throw new Error('the paper venue could not write its journal: start it again');
    const applied = this.engine.apply(command);
    if (applied.changed) this.#write(command);
    this.#history.push(...applied.events);
    this.outbox.add(applied.events, this.#faults);
    return applied;
  }

  /** Ends what is being sent and closes the journal. */
  async close(): Promise<void> {
    await this.outbox.close();
    this.#journal.close();
  }

  #write(command: VenueCommand): void {
    this.#broken = true;
    this.#journal.append({ ...command, sequence: this.engine.sequence() });
    this.#broken = false;
  }

  #replay(): void {
    const settled = new Set(this.#journal.entries.flatMap((entry) => (entry.kind === 'SETTLED' ? entry.webhook : [])));
    const events = this.#journal.entries.flatMap((entry, index) => this.#repeat(entry, index + 1));
    this.#history.push(...events);
    this.outbox.add(events.filter((event) => !settled.has(event.sequence)), this.#faults);
  }

  #repeat(entry: JournalEntry, line: number): Applied['events'] {
    if (entry.kind === 'OPENED' || entry.kind === 'SETTLED') return [];
    const { events } = applyAgain(this.engine, entry, line);
    const reached = this.engine.sequence();
    if (reached === entry.sequence) return events;
    throw new VenueJournalError(line, `leads to ${reached} and led to ${entry.sequence}; was the venue configured otherwise?`);
  }
}

function bannedFor(milliseconds: Millis): AnswerEffect {
  return { kind: 'ERROR', when: 'BEFORE', status: 418, retryAfterSeconds: Math.ceil(milliseconds / MILLIS_PER_SECOND) };
}

function applyAgain(engine: VenueEngine, command: VenueCommand, line: number): Applied {
  try {
    return engine.apply(command);
  } catch (error) {
    throw new VenueJournalError(line, 'cannot be repeated; was the venue configured otherwise?', { cause: error });
  }
}
