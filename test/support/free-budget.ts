// A venue that counts nothing: every call may be made at once.
import type { Budget } from '../../shared/ports.ts';

export const FREE_BUDGET: Budget = {
  ask: async () => ({ kind: 'GO' }),
  placed: async () => undefined,
  paused: async () => undefined,
};
