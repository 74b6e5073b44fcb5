// Values as DynamoDB holds them, exactly; what it could not hold is refused before anything is sent.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Decimal } from '../../domain/decimal.ts';
import { LEDGER_DIGITS, MAX_DIGITS, MONEY_PLACES, toPlain } from '../../domain/decimal.ts';

export type Attributes = Readonly<Record<string, AttributeValue>>;
export type { AttributeValue };

const GREATEST_EXPONENT = 125;
const LEAST_EXPONENT = -130;

/** Says which number the table cannot hold: more than 38 digits, or too great or too small. */
export class UnstorableNumberError extends RangeError {
  constructor(expected: string, found: string) {
    super(`a number to be stored: expected ${expected}, found ${found}`);
    this.name = 'UnstorableNumberError';
  }
}

export const text = (value: string): AttributeValue => ({ S: value });
export const flag = (value: boolean): AttributeValue => ({ BOOL: value });
export const document = (value: Attributes): AttributeValue => ({ M: { ...value } });
/** A null that has to be told from what is absent. */
export const nothing: AttributeValue = { NULL: true };
export const list = (values: readonly AttributeValue[]): AttributeValue => ({ L: [...values] });

/** Writes a whole number. @throws UnstorableNumberError */
export const whole = (value: number): AttributeValue => {
  if (!Number.isSafeInteger(value)) throw new UnstorableNumberError('a whole number', String(value));
  return { N: String(value) };
};

/** Writes a decimal to its last digit. @throws UnstorableNumberError */
export const decimal = (value: Decimal): AttributeValue => {
  if (!value.isFinite()) throw new UnstorableNumberError('a finite number', value.toString());
  if (value.isZero()) return { N: '0' };
  if (value.precision() > MAX_DIGITS) throw new UnstorableNumberError(`at most ${MAX_DIGITS} digits`, toPlain(value));
  if (value.e > GREATEST_EXPONENT || value.e < LEAST_EXPONENT) {
    throw new UnstorableNumberError(`a magnitude of 1e${LEAST_EXPONENT} to 1e${GREATEST_EXPONENT}`, value.toExponential());
  }
  return { N: toPlain(value) };
};

/** Writes a quotient, which may have no end, rounded to the digits the table has. @throws UnstorableNumberError */
export const ratio = (value: Decimal): AttributeValue => decimal(value.toSignificantDigits(MAX_DIGITS));

/** Writes a decimal that the table adds to another: with room for the sum's last and first digit. @throws UnstorableNumberError */
export const addend = (value: Decimal): AttributeValue => {
  if (value.decimalPlaces() > MONEY_PLACES || value.e >= LEDGER_DIGITS) {
    throw new UnstorableNumberError(`at most ${LEDGER_DIGITS} digits before the point and ${MONEY_PLACES} after it`, toPlain(value));
  }
  return decimal(value);
};

/** Writes a value unless there is none. */
export const maybe = <Value>(value: Value | null, write: (value: Value) => AttributeValue): AttributeValue | null =>
  value === null ? null : write(value);

/** Writes an amount unless it is nothing, which is what an absent one reads as. @throws UnstorableNumberError */
export const amount = (value: Decimal): AttributeValue | null => (value.isZero() ? null : decimal(value));

/** Writes a count unless it is nothing, which is what an absent one reads as. @throws UnstorableNumberError */
export const count = (value: number): AttributeValue | null => (value === 0 ? null : whole(value));

/** Leaves out what is null: an absent attribute costs nothing and reads as null. */
export const present = (values: Readonly<Record<string, AttributeValue | null>>): Attributes => {
  const found: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) if (value !== null) found[name] = value;
  return found;
};
