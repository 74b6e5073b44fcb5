// Who asks: the IAM principal that the endpoint has checked.
import * as z from 'zod';
import { InputError } from '../support/input-error.ts';

const signed = z.object({
  requestContext: z.object({ authorizer: z.object({ iam: z.object({ userArn: z.string().min(1) }) }) }),
});

const FORBIDDEN = 403;

/**
 * Reads the principal of a request (the role or user that signed it).
 * @throws InputError (403) where none was checked: an endpoint that lets anybody in must not be enough
 */
export const callerOf = (event: unknown): string => {
  const read = signed.safeParse(event);
  if (!read.success) throw new InputError(FORBIDDEN, 'caller', 'a request signed for IAM', { cause: read.error });
  return read.data.requestContext.authorizer.iam.userArn;
};
