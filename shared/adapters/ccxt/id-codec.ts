// How our client order ids are written where a venue takes fewer letters than we use (EX-11). Every spelling goes both ways.

export interface IdCodec {
  /** Our id as the venue takes it; null where it cannot be written there. */
  toVenue(id: string): string | null;
  /** Our id of what the venue has; another's id stays as it is. */
  fromVenue(text: string): string;
}

/** The venue takes what we write. */
export const plainIds = (allowed: RegExp): IdCodec => ({
  toVenue: (id) => (allowed.test(id) ? id : null),
  fromVenue: (text) => text,
});

// One purpose, the fence in base 36, the readable letters of the symbol, the digest in base 36.
const OURS = /^([EXS][0-9a-z]+)-([A-Z0-9]*)-([0-9a-z]+)$/;
const OURS_ALPHANUMERIC = /^([EXS][0-9a-z]+)Z([A-Z0-9]*)Z([0-9a-z]+)$/;
const ALPHANUMERIC = /^[A-Za-z0-9]{1,32}$/;

/** For venues without hyphens: a Z stands for each; neither fence nor digest has a capital, so that it is found again. */
export const alphanumericIds: IdCodec = {
  toVenue: (id) => {
    const text = id.replace(OURS, '$1Z$2Z$3');
    return ALPHANUMERIC.test(text) ? text : null;
  },
  fromVenue: (text) => text.replace(OURS_ALPHANUMERIC, '$1-$2-$3'),
};

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz-';
const BASE = BigInt(DIGITS.length + 1);
const LONGEST_PACKED = 24;
const PACKABLE = /^[0-9a-z-]{1,24}$/;
const PACKED = /^[0-9a-f]{32}$/;

/** For venues that take a UUID: up to 24 of our letters are one number of 128 bits, written in 32 hexadecimal digits. */
export const packedIds: IdCodec = {
  toVenue: (id) => {
    if (id.length > LONGEST_PACKED || restoreCase(id.toLowerCase()) !== id) return null;
    const lower = id.toLowerCase();
    return PACKABLE.test(lower) ? pack(lower).toString(16).padStart(32, '0') : null;
  },
  fromVenue: (text) => {
    const lower = PACKED.test(text) ? unpack(BigInt(`0x${text}`)) : null;
    return lower === null ? text : restoreCase(lower);
  },
};

/** No digit is zero, so that ids of different lengths are different numbers. */
function pack(text: string): bigint {
  return [...text].reduce((number, letter) => number * BASE + BigInt(DIGITS.indexOf(letter) + 1), 0n);
}

function unpack(number: bigint): string | null {
  let text = '';
  for (let rest = number; rest > 0n; rest /= BASE) {
    const letter = DIGITS[Number(rest % BASE) - 1];
    if (letter === undefined) return null;
    text = letter + text;
  }
  return text.length <= LONGEST_PACKED ? text : null;
}

/** The purpose and the letters of the symbol are capitals in ids that are made by us; others have none. */
function restoreCase(lower: string): string {
  const parts = /^([exs])([0-9a-z]+)-([0-9a-z]*)-([0-9a-z]+)$/.exec(lower);
  if (parts === null) return lower;
  const [, purpose = '', fence = '', readable = '', digest = ''] = parts;
  return `${purpose.toUpperCase()}${fence}-${readable.toUpperCase()}-${digest}`;
}
