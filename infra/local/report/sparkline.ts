const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Draws ratios of 0 to 1 as a row of bars of at most `width`, each the mean of its part. */
export function sparkline(ratios: readonly number[], width: number): string {
  const size = Math.max(1, Math.ceil(ratios.length / width));
  const parts = Array.from({ length: Math.ceil(ratios.length / size) }, (_, index) => ratios.slice(index * size, (index + 1) * size));
  return parts.map((part) => barOf(part.reduce((total, ratio) => total + ratio, 0) / part.length)).join('');
}

function barOf(ratio: number): string {
  const index = Math.min(BARS.length - 1, Math.max(0, Math.round(ratio * (BARS.length - 1))));
  return BARS[index] ?? '';
}
