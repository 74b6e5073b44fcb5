// The part of CloudWatch's metric math that the alarms use, for one period: a metric without a measurement is null.
type Value = number | null;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([<>]=?|[-+*/(),]))/y;

const tokensOf = (expression: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.length) {
    const before = TOKEN.lastIndex;
    const found = TOKEN.exec(expression);
    if (found === null) throw new Error(`cannot read ${expression.slice(before)}`);
    tokens.push(found[0].trim());
  }
  return tokens;
};

const both = (left: Value, right: Value, of: (left: number, right: number) => number): Value => (left === null || right === null ? null : of(left, right));

const OPERATORS: readonly Readonly<Record<string, (left: number, right: number) => number>>[] = [
  { OR: (left, right) => Number(left !== 0 || right !== 0), AND: (left, right) => Number(left !== 0 && right !== 0) },
  { '>': (left, right) => Number(left > right), '<': (left, right) => Number(left < right), '>=': (left, right) => Number(left >= right), '<=': (left, right) => Number(left <= right) },
  { '+': (left, right) => left + right, '-': (left, right) => left - right },
  { '*': (left, right) => left * right, '/': (left, right) => left / right },
];

/** Reckons an expression of arithmetic, comparisons, AND, OR, FILL and IF. @throws Error for anything else */
export const reckon = (expression: string, valueOf: (id: string) => Value): Value => {
  const tokens = tokensOf(expression);
  const next = (): string => tokens.shift() ?? '';
  const expectToken = (wanted: string): void => {
    const found = next();
    if (found !== wanted) throw new Error(`${expression}: expected ${wanted}, found ${found}`);
  };
  const argumentsOf = (): Value[] => {
    expectToken('(');
    const given = [level(0)];
    while (tokens[0] === ',') {
      next();
      given.push(level(0));
    }
    expectToken(')');
    return given;
  };
  const call = (name: string): Value => {
    const [first = null, second = null, third = null] = argumentsOf();
    if (name === 'FILL') return first ?? second;
    if (name === 'IF') return first === null ? null : first !== 0 ? second : third;
    throw new Error(`no function ${name}`);
  };
  const atom = (): Value => {
    const token = next();
    if (token === '(') {
      const inner = level(0);
      expectToken(')');
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    return tokens[0] === '(' ? call(token) : valueOf(token);
  };
  const level = (depth: number): Value => {
    const operators = OPERATORS[depth];
    if (operators === undefined) return atom();
    let left = level(depth + 1);
    for (let of = operators[tokens[0] ?? '']; of !== undefined; of = operators[tokens[0] ?? '']) {
      next();
      left = both(left, level(depth + 1), of);
    }
    return left;
  };
  const value = level(0);
  if (tokens.length > 0) throw new Error(`${expression}: ${tokens.join(' ')} is left over`);
  return value;
};
