// What all functions know of a venue, in memory, under the conditions of the table; it can be away, and counts what it is asked.
import type { VenueState } from '../../shared/domain/venue-state.ts';
import { newVenueState } from '../../shared/domain/venue-state.ts';
import type { VenueStates } from '../../shared/ports.ts';

export class MemoryStates implements VenueStates {
  stored: VenueState | null = null;
  reads = 0;
  writes = 0;
  conflicts = 0;
  away = false;
  /** Happens between what was seen and the write, once: somebody else was first. */
  meanwhile: (() => void) | null = null;

  async find(): Promise<VenueState | null> {
    this.#ask();
    this.reads += 1;
    return this.stored;
  }

  async swap(_venue: string, after: VenueState): Promise<{ written: boolean; found: VenueState }> {
    this.#ask();
    const { meanwhile } = this;
    this.meanwhile = null;
    meanwhile?.();
    this.writes += 1;
    if ((this.stored?.revision ?? 0) !== after.revision - 1) {
      this.conflicts += 1;
      return { written: false, found: this.stored ?? newVenueState() };
    }
    this.stored = after;
    return { written: true, found: after };
  }

  #ask(): void {
    if (this.away) throw new Error('the table is away');
  }
}
