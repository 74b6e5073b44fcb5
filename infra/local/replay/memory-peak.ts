// How much memory the run took at its most, as far as the machine tells.
import { readFileSync, readdirSync } from 'node:fs';
import type { MemoryPeak } from '../report/facts.ts';

const PEAK_LINE = /^VmHWM:\s+(\d+) kB$/m;
const PARENT_LINE = /^PPid:\s+(\d+)$/m;
const BYTES_A_KIBIBYTE = 1024;

/** Reads the peak of this process and of everything it has started that still runs, in bytes. */
export function memoryPeak(): MemoryPeak {
  const statuses = readStatuses();
  const engines = descendantsOf(process.pid, statuses).map((status) => numberIn(status, PEAK_LINE) ?? 0);
  return {
    pipeline: process.resourceUsage().maxRSS * BYTES_A_KIBIBYTE,
    engines: statuses.size === 0 ? null : engines.reduce((total, peak) => total + peak, 0) * BYTES_A_KIBIBYTE,
  };
}

function descendantsOf(pid: number, statuses: ReadonlyMap<number, string>): readonly string[] {
  const children = [...statuses].filter(([, status]) => numberIn(status, PARENT_LINE) === pid);
  return children.flatMap(([child, status]) => [status, ...descendantsOf(child, statuses)]);
}

/** What the machine says of every process; nothing where it has no /proc. */
function readStatuses(): ReadonlyMap<number, string> {
  const pids = namesIn('/proc').map(Number).filter(Number.isInteger);
  return new Map(pids.flatMap((pid) => {
    const status = statusOf(pid);
    return status === null ? [] : [[pid, status] as const];
  }));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function statusOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // It has ended since.
    return null;
  }
}

function numberIn(text: string, line: RegExp): number | null {
  const found = line.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
