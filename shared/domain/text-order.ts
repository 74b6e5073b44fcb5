/** Orders two texts by code point, ascending; JavaScript's own `<` compares UTF-16 units, which sort astral letters too early. */
export function compareText(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = codePoint(left[index]) - codePoint(right[index]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function codePoint(letter: string | undefined): number {
  return letter?.codePointAt(0) ?? 0;
}
