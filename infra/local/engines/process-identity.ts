// Who a process id is: ids are used again, so a process is known by its command and the time it started.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Start time and command line of a process in the system's own words; null when it has ended. */
export const identifyProcess = (pid: number): string | null => {
  if (process.platform === 'linux') return identifyOnLinux(pid);
  if (process.platform === 'win32') return isAlive(pid) ? `pid ${pid}` : null;
  try {
    const text = execFileSync('ps', ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
};

const STATE_FIELD = 0;
const START_FIELD = 19;

const identifyOnLinux = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE_FIELD] === 'Z') return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return `${fields[START_FIELD]} ${command}`;
  } catch {
    return null;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
