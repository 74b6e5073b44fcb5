import type { Store } from './ports.ts';

/** Gives a store that commits in another way and reads as before; its methods may be called on their own. */
export const committingStore = (store: Store, commit: Store['commit']): Store => ({
  load: (...asked) => store.load(...asked),
  findAction: (...asked) => store.findAction(...asked),
  openActions: (...asked) => store.openActions(...asked),
  audit: (...asked) => store.audit(...asked),
  findMarket: (...asked) => store.findMarket(...asked),
  saveMarkets: (...asked) => store.saveMarkets(...asked),
  commit,
});
