import { randomUUID } from 'node:crypto';
import type { Ids } from '../../ports.ts';

/** Ids that nobody else has, and chance for jitter. */
export const randomIds: Ids = {
  next: () => randomUUID(),
  fraction: () => Math.random(),
};
