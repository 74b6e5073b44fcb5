// The page of the lifecycle, printed from the very rows that the core obeys.
import { ENTRY_ROWS } from '../../shared/domain/lifecycle-entry.ts';
import { POSITION_ROWS } from '../../shared/domain/lifecycle-position.ts';
import type { LifecycleRow } from '../../shared/domain/lifecycle-row.ts';

const INTRODUCTION = `# Lifecycle of a slot

Printed from \`shared/domain/lifecycle-entry.ts\` and \`lifecycle-position.ts\` by \`npm run lifecycle\`; a test compares.

A slot lives two lives side by side: its entry's and its position's. Each stands in one phase, and \`decide()\` moves it by a
row of these tables or not at all: a decision with any other step is refused whole (\`ILLEGAL_TRANSITION\`, told as an
anomaly), whichever slot of it takes the step. What stays in its phase needs no row. A row without a reason is the plain
course.

\`ORDER_REPORTED\` is what the venue says of any order of the slot, or of the victim it waits for, whoever brings it: a
webhook, reconcile, the answer of our own call (\`ACTION_ANSWERED\`) or a look-up (\`ACTION_SEEN_LIVE\`). \`ORDER_ABSENT\` is
that the venue has no such order, and stands for \`ORDER_VANISHED\` as well.
`;

const PHASES = `In the life of an entry, **AMENDING** is a live order with a change on its way to the venue. In that of a position,
**PROTECTING** is a stop that is planned and not confirmed, **MOVING** one that is being amended, **REPLACING** a former stop
that rests beside the next, **RENEWING** a stop that is cancelled so that another can take its place, **LEAVING** one that is
cancelled so that the position can be sold, **WATCHED** a price that we watch ourselves, and **FOREIGN** what no order of ours
explains.
`;

const lineOf = ({ from, event, to, reason }: LifecycleRow): string => `| ${from} | ${event} | ${to} | ${reason ?? ''} |`;

const tableOf = (rows: readonly LifecycleRow[]): string =>
  ['| from | event | to | reason |', '|---|---|---|---|', ...rows.map(lineOf)].join('\n');

/** An arrow for each pair of phases; rows that share it share its label. */
const arrowsOf = (rows: readonly LifecycleRow[]): readonly string[] => {
  const labels = new Map<string, string[]>();
  for (const { from, event, to } of rows) {
    const pair = `${from} --> ${to}`;
    labels.set(pair, [...(labels.get(pair) ?? []), event]);
  }
  return [...labels].map(([pair, events]) => `  ${pair}: ${events.join(', ')}`);
};

const diagramOf = (rows: readonly LifecycleRow[], start: string): string =>
  ['```mermaid', 'stateDiagram-v2', `  [*] --> ${start}`, ...arrowsOf(rows), '```'].join('\n');

const sectionOf = (title: string, rows: readonly LifecycleRow[], start: string): string =>
  [`## ${title}`, diagramOf(rows, start), `${rows.length} steps:`, tableOf(rows)].join('\n\n');

/** Prints the page of the lifecycle. */
export const lifecyclePage = (): string =>
  `${[
    INTRODUCTION,
    PHASES,
    sectionOf('The entry', ENTRY_ROWS, 'IDLE'),
    '',
    sectionOf('The position', POSITION_ROWS, 'FLAT'),
  ].join('\n')}\n`;
