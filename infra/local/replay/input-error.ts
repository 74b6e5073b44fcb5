/** Says what is wrong with what a person gave; the run ends with status 2 and nothing written. */
export class InputError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InputError';
  }
}
