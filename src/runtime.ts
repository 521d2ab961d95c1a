import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cpus, hostname, setPriority, totalmem } from 'node:os';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Load } from './metrics/load-generator-health.ts';
import type { LoadMeter } from './pipeline-test/load-sampler.ts';
import type { EnvironmentFacts } from './report/document/report-document.ts';
import type { Processes } from './storage/process-identity.ts';
import type { Clock } from './stream/clock.ts';

/** The machine's own time: monotonic, anchored once to the wall clock. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: async (ms, signal) => {
    // An aborted sleep is a sleep that ended early, not a failure.
    await wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};

/** A process of the same priority gets nine times the share of a core that a thread of this one gets. */
const BACKGROUND_NICE = 10;

/**
 * The threads that V8 has for its compilers and the collection of garbage: call it at the start, when there are no others.
 *
 * In the first seconds of a paced run V8 optimises hundreds of functions. Threads of lower priority leave the core to the thread
 * that sends, whose latencies would be longer otherwise. Where a thread has no priority of its own (only Linux has), nothing changes.
 */
export function backgroundThreads(): { readonly lowerPriority: () => void } {
  const ids = threadIds().filter((id) => id !== process.pid);
  return {
    lowerPriority: () => {
      for (const id of ids) {
        try {
          setPriority(id, BACKGROUND_NICE);
        } catch {
          // The thread has ended.
        }
      }
    },
  };
}

function threadIds(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}

/** The monitor asks for a timer this often; what it records includes the span. */
const RESOLUTION_MS = 10;

/** Watches the event loop of this thread and the processor time of the process. */
export function loadMeter(): LoadMeter {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const garbage = garbageMeter();
  let cpu = process.cpuUsage();
  let loop = performance.eventLoopUtilization();
  let readAt = performance.now();
  return {
    read: () => {
      const now = performance.now();
      const seconds = (now - readAt) / 1000;
      const used = process.cpuUsage(cpu);
      const busy = performance.eventLoopUtilization(loop);
      const hasDelays = delay.count > 0;
      const load = {
        seconds,
        cores: (used.user + used.system) / 1e6 / seconds,
        busyShare: busy.utilization,
        delayP99Ms: hasDelays ? late(delay.percentile(99)) : Number.NaN,
        delayMaxMs: hasDelays ? late(delay.max) : Number.NaN,
        memoryBytes: process.memoryUsage.rss(),
        ...garbage.read(),
      };
      delay.reset();
      [cpu, loop, readAt] = [process.cpuUsage(), performance.eventLoopUtilization(), now];
      return load;
    },
    stop: () => {
      delay.disable();
      garbage.stop();
    },
  };
}

type Garbage = Pick<Load, 'gcCount' | 'gcMs' | 'gcMaxMs'>;

/** Watches the garbage collections of this thread. */
function garbageMeter(): { read(): Garbage; stop(): void } {
  const none: Garbage = { gcCount: 0, gcMs: 0, gcMaxMs: 0 };
  let seen = none;
  const add = (entries: readonly { readonly duration: number }[]): void => {
    for (const { duration } of entries) {
      const { gcCount, gcMs, gcMaxMs } = seen;
      seen = {
        gcCount: gcCount + 1,
        gcMs: gcMs + duration,
        gcMaxMs: Math.max(gcMaxMs, duration),
      };
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return {
    read: () => {
      // Collections come to the observer a turn of the event loop later.
      add(observer.takeRecords());
      const read = seen;
      seen = none;
      return read;
    },
    stop: () => observer.disconnect(),
  };
}

/** The machine that a report was made on. */
export function environment(): EnvironmentFacts {
  const [first, ...others] = cpus();
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpus: others.length + 1,
    ...(first && { cpu_model: first.model }),
    memory_bytes: totalmem(),
  };
}

/** The processes of this machine. What only Linux says is empty elsewhere. */
export const systemProcesses: Processes = {
  get own() {
    return {
      pid: process.pid,
      startedAt: startOf(process.pid) ?? '',
      host: hostname(),
      boot: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
      namespace: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
    };
  },
  startOf,
};

function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is there as well.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // Source: proc_pid_stat(5). The name, in brackets, may hold anything; field 3 follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = ''] = fields;
  return 'ZX'.includes(state) && state !== '' ? undefined : (fields[22 - 3] ?? '');
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
