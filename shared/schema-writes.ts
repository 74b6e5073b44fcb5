// Which schema is written while two releases run side by side: a deploy writes what the release before reads, until it is flipped.
export const WRITES = ['OLDER', 'NEWEST'] as const;

export type Writes = (typeof WRITES)[number];
