import type { Field } from './field.ts';
import type { Found } from './found.ts';

/** Answers the input of one case with what the rules say; throws MalformedFieldError for a field that cannot be read. */
export type Kind = (input: Field) => Found;
