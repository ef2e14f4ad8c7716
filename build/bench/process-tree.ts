import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export type ProcessKind = 'engine' | 'worker' | 'ffmpeg';

/** What a process and all its descendants cost. Linux only. */
export interface TreeCost {
  cpuPercent: number;
  /** Proportional set size: memory shared with other processes counts by its share. */
  pssBytes: number;
  byKind: Partial<Record<ProcessKind, { processes: number; cpuPercent: number; pssBytes: number }>>;
}

/** Linux reports the times of reaped children in these to all programs (USER_HZ). */
const TICK_NS = 10_000_000;

/** Heaps grow until they are collected: one moment would show any point of that. */
const MEMORY_READINGS = 6;

/**
 * Measures processes over some time: CPU from the scheduler's own count of nanoseconds, memory as the mean of some
 * readings.
 *
 * @param roots their descendants are found anew at the end: those that began meanwhile count, too
 */
export async function measureTrees(roots: readonly number[], lastsMs: number): Promise<TreeCost> {
  const before = readTrees(roots);
  const startedNs = process.hrtime.bigint();
  const pssBytes = new Map<number, number>();
  for (let reading = 0; reading < MEMORY_READINGS; reading += 1) {
    await pause(lastsMs / MEMORY_READINGS);
    for (const pid of readTrees(roots).keys()) {
      pssBytes.set(pid, (pssBytes.get(pid) ?? 0) + readPss(pid) / MEMORY_READINGS);
    }
  }
  const lastedNs = Number(process.hrtime.bigint() - startedNs);
  const cost: TreeCost = { cpuPercent: 0, pssBytes: 0, byKind: {} };
  for (const [pid, now] of readTrees(roots)) {
    const earlier = before.get(pid);
    const spentNs = sumThreads(now, earlier) + now.reapedNs - (earlier?.reapedNs ?? 0);
    const kind = (cost.byKind[now.kind] ??= { processes: 0, cpuPercent: 0, pssBytes: 0 });
    kind.processes += 1;
    kind.cpuPercent += (100 * spentNs) / lastedNs;
    kind.pssBytes += pssBytes.get(pid) ?? 0;
  }
  for (const kind of Object.values(cost.byKind)) {
    cost.cpuPercent += kind.cpuPercent;
    cost.pssBytes += kind.pssBytes;
  }
  return cost;
}

interface ProcessReading {
  kind: ProcessKind;
  /** CPU time by thread: the group's own schedstat counts its first thread only. */
  threadsNs: Map<string, number>;
  /** CPU time of children that ended and were waited for. */
  reapedNs: number;
}

function sumThreads(now: ProcessReading, earlier: ProcessReading | undefined): number {
  let sumNs = 0;
  for (const [thread, ns] of now.threadsNs) sumNs += ns - (earlier?.threadsNs.get(thread) ?? 0);
  return sumNs;
}

function readTrees(roots: readonly number[]): Map<number, ProcessReading> {
  const stats = new Map<number, ReturnType<typeof readStat>>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) stats.set(Number(name), readStat(Number(name)));
  }
  const readings = new Map<number, ProcessReading>();
  let generation = [...roots];
  while (generation.length > 0) {
    for (const pid of generation) {
      const stat = stats.get(pid);
      if (stat === undefined) continue;
      readings.set(pid, { kind: kindOf(pid, stat.name), threadsNs: readThreads(pid), reapedNs: stat.reapedNs });
    }
    generation = [...stats].filter(([, stat]) => stat && generation.includes(stat.parentPid)).map(([pid]) => pid);
  }
  return readings;
}

/** Undefined when the process is gone. proc_pid_stat(5). */
function readStat(pid: number) {
  const text = readIfThere(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const reapedTicks = Number(fields[13]) + Number(fields[14]);
  return { name, parentPid: Number(fields[1]), reapedNs: reapedTicks * TICK_NS };
}

function kindOf(pid: number, name: string): ProcessKind {
  if (name.startsWith('ffmpeg')) return 'ffmpeg';
  return readIfThere(`/proc/${pid}/cmdline`)?.includes('worker') === true ? 'worker' : 'engine';
}

function readThreads(pid: number): Map<string, number> {
  const threadsNs = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const text = readIfThere(`/proc/${pid}/task/${thread}/schedstat`);
    if (text !== undefined) threadsNs.set(thread, Number(text.split(' ')[0]));
  }
  return threadsNs;
}

function readPss(pid: number): number {
  const text = readIfThere(`/proc/${pid}/smaps_rollup`) ?? '';
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}

/** Processes and threads come and go while they are read. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
