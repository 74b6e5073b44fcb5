/** Says that a file is not of the form of conformance cases; the place is a line and column, or a case and its field. */
export class MalformedFileError extends Error {
  readonly file: string;
  readonly place: string;

  constructor(file: string, fault: { readonly place: string; readonly message: string }, options?: ErrorOptions) {
    super(`${file}: ${fault.place}: ${fault.message}`, options);
    this.name = 'MalformedFileError';
    this.file = file;
    this.place = fault.place;
  }
}

/** Says which field of a file is not what it has to be; the path begins at the file's top. */
export class MalformedFieldError extends Error {
  readonly path: string;
  readonly fault: string;

  constructor(path: string, expected: string, found: unknown) {
    const fault = `expected ${expected}, found ${shown(found)}`;
    super(`${path}: ${fault}`);
    this.name = 'MalformedFieldError';
    this.path = path;
    this.fault = fault;
  }
}

const LONGEST_SHOWN = 120;

function shown(found: unknown): string {
  if (found === undefined) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object' && found !== null) return 'an object';
  return JSON.stringify(found).slice(0, LONGEST_SHOWN);
}
