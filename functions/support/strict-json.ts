// JSON that says each thing once: what reads the first of two and what reads the second would see two requests in one.
import { InputError, readJson } from './input-error.ts';

/** Reads JSON in which no object has a name twice. @throws InputError (400) naming the text as a whole */
export const readStrictJson = (text: string, root: string): unknown => {
  const value = readJson(text, root);
  if (namesIn(text) !== namesOf(value)) throw new InputError(400, root, 'JSON whose objects have each name once');
  return value;
};

// A text in quotes that a colon follows is a name, and nothing else is; texts are passed over whole.
const NAME_OR_TEXT = /"(?:[^"\\]|\\.)*"\s*(:?)/g;

const namesIn = (text: string): number => {
  let names = 0;
  for (const [, colon] of text.matchAll(NAME_OR_TEXT)) if (colon === ':') names += 1;
  return names;
};

// Not by recursion: 64 KB of brackets are deeper than the stack.
const namesOf = (value: unknown): number => {
  let names = 0;
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside: readonly unknown[] = Object.values(next);
    if (!Array.isArray(next)) names += inside.length;
    for (const each of inside) rest.push(each);
  }
  return names;
};
