// Freezes everything a decision is given, so that a decision that writes to its input fails loudly.
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const refuse = (): never => {
  throw new TypeError('a decision wrote to what it was given');
};

const freezeMembers = (value: object): void => {
  for (const member of Object.values(value)) deepFreeze(member);
};

const shut = (value: Map<unknown, unknown> | Set<unknown>): void => {
  const blocked = value instanceof Map ? ['set', 'delete', 'clear'] : ['add', 'delete', 'clear'];
  for (const name of blocked) Object.defineProperty(value, name, { value: refuse });
  if (value instanceof Map) for (const member of value.values()) deepFreeze(member);
};

/** Freezes a value with all it holds, maps and sets included; what is frozen already is taken as frozen all through. */
export const deepFreeze = <Value>(value: Value): Value => {
  if (!isObject(value) || Object.isFrozen(value)) return value;
  if (value instanceof Map || value instanceof Set) shut(value);
  Object.freeze(value);
  freezeMembers(value);
  return value;
};
