import type { StealFacts } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { decimal, document, flag, maybe, present, ratio, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readRef, writeRef } from './order-attributes.ts';

const STEAL = {
  thief: 'th',
  thiefDistance: 'td',
  thiefPnl: 'tp',
  victim: 'vi',
  victimClientOrderId: 'vo',
  victimDistance: 'vd',
  victimPnl: 'vp',
  fight: 'fi',
  cooldownSeconds: 'cs',
  decidedAt: 'da',
} as const satisfies Record<keyof StealFacts, string>;

export const writeStealFacts = (facts: StealFacts): Attributes =>
  present({
    [STEAL.thief]: document(writeRef(facts.thief)),
    [STEAL.thiefDistance]: ratio(facts.thiefDistance),
    [STEAL.thiefPnl]: maybe(facts.thiefPnl, decimal),
    [STEAL.victim]: document(writeRef(facts.victim)),
    [STEAL.victimClientOrderId]: text(facts.victimClientOrderId),
    [STEAL.victimDistance]: ratio(facts.victimDistance),
    [STEAL.victimPnl]: maybe(facts.victimPnl, decimal),
    [STEAL.fight]: flag(facts.fight),
    [STEAL.cooldownSeconds]: whole(facts.cooldownSeconds),
    [STEAL.decidedAt]: whole(facts.decidedAt),
  });

export const readStealFacts = (reader: ItemReader): StealFacts => ({
  thief: readRef(reader.document(STEAL.thief)),
  thiefDistance: reader.decimal(STEAL.thiefDistance),
  thiefPnl: reader.decimalOrNull(STEAL.thiefPnl),
  victim: readRef(reader.document(STEAL.victim)),
  victimClientOrderId: reader.text(STEAL.victimClientOrderId),
  victimDistance: reader.decimal(STEAL.victimDistance),
  victimPnl: reader.decimalOrNull(STEAL.victimPnl),
  fight: reader.flag(STEAL.fight),
  cooldownSeconds: reader.whole(STEAL.cooldownSeconds),
  decidedAt: reader.whole(STEAL.decidedAt),
});
