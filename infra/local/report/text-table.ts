const LEFT = /^[A-Za-z]/;
const GAP = '  ';

/** Lays rows out in columns: words to the left, figures to the right. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isText = head.map((_, column) => rows.every((row) => LEFT.test(row[column] ?? '') || row[column] === ''));
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return isText[column] === true ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(GAP)
      .trimEnd();
  return [head, ...rows].map((cells) => `${GAP}${line(cells)}`);
}
