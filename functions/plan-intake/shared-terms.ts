// The fields that watches and grids have alike.
import * as z from 'zod';
import { choiceField, decimalField, instantField, nameField, symbolField, wholeField } from '../support/fields.ts';
import { ownSettingsField } from './own-settings.ts';

const MOST_SECONDS = 366 * 86_400;

/** A length of time of at most a year, whole seconds. */
export const durationField = wholeField(1, MOST_SECONDS);

const maxHold = z.strictObject(
  { seconds: durationField, barSeconds: durationField.nullable().default(null) },
  { error: 'an object with seconds, and barSeconds or null' },
);

export const sharedTerms = {
  symbol: symbolField,
  assetClass: choiceField(['stock', 'crypto']).nullable().default(null),
  forecastPnl: decimalField('ANY').nullable().default(null),
  group: nameField(64).nullable().default(null),
  tolerance: decimalField('SHARE').nullable().default(null),
  expiresAt: instantField.nullable().default(null),
  minimumDurationSeconds: durationField.nullable().default(null),
  maxHold: maxHold.nullable().default(null),
  maxAttempts: wholeField(1, 1000).nullable().default(null),
  hours: choiceField(['NYSE', 'NSE', 'ALWAYS']).nullable().default(null),
  settings: ownSettingsField,
};
