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

/** An id that is cut to its length keeps so many letters of its digest, whatever else goes. */
const DIGEST_LENGTH = 14;
const OURS = /^[EXS][0-9a-z]+(?:-[A-Z0-9]*-?[0-9a-z]+)?$/;
const ALPHANUMERIC = /^[A-Za-z0-9]{1,32}$/;
const HYPHEN = 'Z';

/** The letters of the symbol, between two hyphens, of which the second may have been cut off: they alone have capitals. */
function changeReadable(id: string, hyphen: string, change: (readable: string) => string): string {
  const first = id.indexOf(hyphen);
  if (first < 0) return id;
  const second = id.indexOf(hyphen, first + 1);
  const end = second < 0 ? id.length - DIGEST_LENGTH : second;
  return id.slice(0, first + 1) + change(id.slice(first + 1, end)) + id.slice(Math.max(end, first + 1));
}

/** For venues without hyphens: a Z stands for each, and a small z for the Z of a symbol, where no other small letter is. */
export const alphanumericIds: IdCodec = {
  toVenue: (id) => {
    const text = changeReadable(id, '-', (readable) => readable.replaceAll(HYPHEN, 'z')).replaceAll('-', HYPHEN);
    return ALPHANUMERIC.test(text) && alphanumericIds.fromVenue(text) === id ? text : null;
  },
  fromVenue: (text) => {
    const id = changeReadable(text, HYPHEN, (readable) => readable.replaceAll('z', '\0')).replaceAll(HYPHEN, '-').replaceAll('\0', HYPHEN);
    return OURS.test(id) ? id : text;
  },
};

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz-';
const BASE = BigInt(DIGITS.length + 1);
const LONGEST_PACKED = 24;
const PACKABLE = /^[0-9a-z-]{1,24}$/;
const PACKED = /^[0-9a-f]{32}$/;

/** For venues that take a UUID: up to 24 of our letters are one number of 128 bits, written in 32 hexadecimal digits. */
export const packedIds: IdCodec = {
  toVenue: (id) => {
    const lower = id.toLowerCase();
    return PACKABLE.test(lower) && restoreCase(lower) === id ? pack(lower).toString(16).padStart(32, '0') : null;
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

/** Ids of ours have the full length, and capitals for their purpose and for the letters of the symbol. */
function restoreCase(lower: string): string {
  if (lower.length !== LONGEST_PACKED || !/^[exs]/.test(lower)) return lower;
  return changeReadable(lower.slice(0, 1).toUpperCase() + lower.slice(1), '-', (readable) => readable.toUpperCase());
}
