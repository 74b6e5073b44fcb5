// The package brings no types of its own.
declare module 'spdx-expression-parse' {
  interface License {
    readonly license: string;
    readonly plus?: true;
    readonly exception?: string;
  }
  interface Conjunction {
    readonly conjunction: 'and' | 'or';
    readonly left: Expression;
    readonly right: Expression;
  }
  export type Expression = License | Conjunction;
  function parse(expression: string): Expression;
  // eslint-disable-next-line no-restricted-syntax -- a CommonJS function is a default export to who imports it
  export { parse as default };
}
