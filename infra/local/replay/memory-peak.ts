// How much memory the run took at its most, as far as the machine tells.
import { readFileSync } from 'node:fs';
import type { MemoryPeak } from '../report/facts.ts';

const PEAK_LINE = /^VmHWM:\s+(\d+) kB$/m;
const BYTES_A_KIBIBYTE = 1024;

/** Reads the peak of this process and of its engines, in bytes; the engines' has to be read while they run. */
export function memoryPeak(enginePids: readonly number[]): MemoryPeak {
  const engines = enginePids.map(peakOf).filter((peak) => peak !== null);
  return {
    pipeline: process.resourceUsage().maxRSS * BYTES_A_KIBIBYTE,
    engines: engines.length < enginePids.length ? null : engines.reduce((total, peak) => total + peak, 0),
  };
}

function peakOf(pid: number): number | null {
  try {
    const kibibytes = PEAK_LINE.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * BYTES_A_KIBIBYTE;
  } catch {
    // No /proc, or the engine has ended: not known.
    return null;
  }
}
