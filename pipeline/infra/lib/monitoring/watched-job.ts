import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { expression, metric, type Watch } from './alarm.ts';
import type { AlarmParameters } from './alarm-parameters.ts';
import type { Watched } from './watched.ts';

/** The job: figures, graphs and alarms. */
export function jobWatched(application: string, of: AlarmParameters): Watched {
  const flink = new FlinkMetrics(application);
  const job: JobMetrics = { ...handling(flink), ...running(flink) };
  return {
    atAGlance: [job.scored, job.behind, job.rejectedPercent, job.p99, job.breakerOpen],
    graphs: { ...scoringGraphs(job), ...clusterGraphs(job) },
    alarms: { ...progressAlarms(job, of), ...scoringAlarms(job), ...clusterAlarms(job) },
  };
}

/**
 * Metrics of Managed Service for Apache Flink: those of Flink 2.2 by their names (`fullRestarts` is gone, `uptime` and
 * `downtime` go), and those of the job, which the service publishes when they are in the group `kinesisanalytics`.
 *
 * Counters only grow, and come from each subtask four times a minute: what they mean is their rate, over all subtasks a
 * quarter of the sum. Shares of two counters are right whatever the number of subtasks and samples.
 * Sources: "Metrics and dimensions", "Use custom metrics", "Use CloudWatch Alarms".
 */
class FlinkMetrics {
  readonly #Application: string;

  constructor(application: string) {
    this.#Application = application;
  }

  of(name: string, statistic: string): IMetric {
    return metric('AWS/KinesisAnalytics', name, { Application: this.#Application }, statistic);
  }

  /** A counter over all subtasks. */
  perSecond(name: string, label: string): IMetric {
    return expression(`RATE(${name} / 4)`, { [name]: this.of(name, 'Sum') }, label);
  }

  /** A counter of which it only matters whether it grows. */
  growth(name: string, statistic: string, label: string): IMetric {
    return expression(`RATE(${name})`, { [name]: this.of(name, statistic) }, label);
  }

  /** The share of one counter in several. */
  percent(part: string, whole: readonly string[], label: string): IMetric {
    const sum = whole.map((name) => `RATE(${name})`).join(' + ');
    return expression(
      `IF(${sum} > 0, 100 * RATE(${part}) / (${sum}), 0)`,
      Object.fromEntries(whole.map((name) => [name, this.of(name, 'Sum')])),
      label,
    );
  }
}

type JobMetrics = ReturnType<typeof handling> & ReturnType<typeof running>;

/** What becomes of transactions. */
function handling(flink: FlinkMetrics) {
  return {
    scored: flink.perSecond('scored', 'scored a second'),
    rejected: flink.perSecond('rejected', 'rejected a second'),
    userRecordsPut: flink.perSecond('userRecordsPut', 'verdicts and rejects'),
    kinesisRecordsPut: flink.perSecond('kinesisRecordsPut', 'Kinesis records'),
    putRetries: flink.perSecond('putRetries', 'put again'),
    tooEarly: flink.perSecond('tooEarly', 'too early'),
    tooLateASecond: flink.perSecond('tooLate', 'too late'),
    tooLate: flink.growth('tooLate', 'Average', 'too late a second and subtask'),
    rejectedPercent: flink.percent('rejected', ['scored', 'rejected'], 'rejected (%)'),
    retriedPercent: flink.percent('retries', ['scored', 'rejected', 'retries'], 'retried (%)'),
    throttledPercent: flink.percent('throttledReads', ['reads', 'throttledReads'], 'throttled (%)'),
    behind: flink.of('millisBehindLatest', 'Maximum'),
    p50: flink.of('endpointLatencyP50Ms', 'Average'),
    p99: flink.of('endpointLatencyP99Ms', 'Maximum'),
    inFlight: flink.of('requestsInFlight', 'Maximum'),
    breakerOpen: flink.of('breakerOpen', 'Maximum'),
  };
}

/** Whether the cluster runs, and how well. */
function running(flink: FlinkMetrics) {
  const runningTime = flink.of('runningTime', 'Minimum');
  const oldGc = flink.of('oldGenerationGCTime', 'Maximum');
  return {
    isRunning: expression('IF(runningTime > 0, 1, 0)', { runningTime }, 'runs'),
    runningTime,
    restartingTime: flink.of('restartingTime', 'Maximum'),
    failingTime: flink.of('failingTime', 'Maximum'),
    restarts: flink.growth('numRestarts', 'Maximum', 'restarts'),
    checkpointsFailed: flink.growth('numberOfFailedCheckpoints', 'Maximum', 'failed checkpoints'),
    checkpointMs: flink.of('lastCheckpointDuration', 'Maximum'),
    checkpointBytes: flink.of('lastCheckpointSize', 'Maximum'),
    processor: flink.of('containerCPUUtilization', 'Average'),
    heap: flink.of('heapMemoryUtilization', 'Maximum'),
    memory: flink.of('containerMemoryUtilization', 'Maximum'),
    oldGcPercent: expression('oldGc * 100 / 60000', { oldGc }, 'old collections (% of time)'),
    kpus: flink.of('KPUs', 'Maximum'),
  };
}

function scoringGraphs(job: JobMetrics): Watched['graphs'] {
  return {
    'Job: transactions a second': [job.scored, job.rejected],
    'Job: behind the end of the input (ms)': [job.behind],
    'Job: put a second': [job.userRecordsPut, job.kinesisRecordsPut, job.putRetries],
    'Scoring: latency of the endpoint (ms)': [job.p50, job.p99],
    'Scoring: in flight, breakers open': [job.inFlight, job.breakerOpen],
    'Scoring: retried, rejected (%)': [job.retriedPercent, job.rejectedPercent],
    'Reading: throttled (%)': [job.throttledPercent],
    'Event order: out of turn a second': [job.tooLateASecond, job.tooEarly],
  };
}

function clusterGraphs(job: JobMetrics): Watched['graphs'] {
  return {
    'Job: state (ms in it)': [job.runningTime, job.restartingTime, job.failingTime],
    'Job: processor, heap, memory, old collections (%)': [
      job.processor,
      job.heap,
      job.memory,
      job.oldGcPercent,
    ],
    'Job: KPUs': [job.kpus],
    'Checkpoints: duration (ms)': [job.checkpointMs],
    'Checkpoints: size (bytes)': [job.checkpointBytes],
    'Restarts and failed checkpoints a second': [job.restarts, job.checkpointsFailed],
  };
}

type Alarms = Readonly<Record<string, Watch>>;

/** Silence is bad here: a job that runs reports every minute. */
function progressAlarms(job: JobMetrics, of: AlarmParameters): Alarms {
  return {
    JobDown: {
      meaning: 'The Flink job does not run: start it, or read its log.',
      metric: job.isRunning,
      below: 1,
      silenceIsBad: true,
    },
    Behind: {
      meaning: 'The job reads older transactions than it should, or does not read.',
      metric: job.behind,
      above: of.BehindAlarmMs,
      silenceIsBad: true,
    },
    TooLate: {
      meaning: 'Transactions come after their turn by event time: raise out-of-orderness.',
      metric: job.tooLate,
      above: 0,
    },
    ReadsThrottled: {
      meaning: 'Kinesis refuses more than 5 % of the reads of the job: too many readers.',
      metric: job.throttledPercent,
      above: 5,
    },
  };
}

function scoringAlarms(job: JobMetrics): Alarms {
  return {
    BreakerOpen: {
      meaning: 'The job asks the endpoint no more: too many requests failed.',
      metric: job.breakerOpen,
      above: 0,
      minutes: 3,
    },
    JobRejects: {
      meaning: 'More than 1 % of the transactions that the job handles get no score.',
      metric: job.rejectedPercent,
      above: 1,
    },
    ScoringRetries: {
      meaning: 'The job repeats more than 5 % of its scoring requests.',
      metric: job.retriedPercent,
      above: 5,
    },
  };
}

function clusterAlarms(job: JobMetrics): Alarms {
  return {
    JobRestarts: {
      meaning: 'The Flink job was restarted.',
      metric: job.restarts,
      above: 0,
      minutes: 1,
    },
    CheckpointsFail: {
      meaning: 'Checkpoints of the Flink job fail.',
      metric: job.checkpointsFailed,
      above: 0,
      minutes: 1,
    },
    JobProcessor: {
      meaning: 'Processors of the job are busy: raise Parallelism, or its most.',
      metric: job.processor,
      above: 80,
      minutes: 10,
    },
    JobHeap: { meaning: 'The heap of the job is nearly full.', metric: job.heap, above: 90 },
    JobOldCollections: {
      meaning: 'The job spends its time on collecting old objects: give it more KPUs.',
      metric: job.oldGcPercent,
      above: 60,
    },
  };
}
