/** Lists the keys of a record, each as what it is. */
export const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] => {
  const keys: Key[] = [];
  for (const key in record) keys.push(key);
  return keys;
};
