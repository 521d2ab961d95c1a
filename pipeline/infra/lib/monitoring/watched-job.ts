import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { expression, metric } from './alarm.ts';
import type { Watched } from './monitoring.ts';

/** Names of Flink 2.2: fullRestarts is gone, uptime and downtime go. Source: Managed Flink, "Metrics and dimensions". */
export function jobWatched(Application: string): Watched {
  const of = (name: string, statistic: string): IMetric =>
    metric('AWS/KinesisAnalytics', name, { Application }, statistic);
  const restarts = expression(
    'RATE(restarts)',
    { restarts: of('numRestarts', 'Maximum') },
    'restarts',
  );
  const failed = expression(
    'RATE(failed)',
    { failed: of('numberOfFailedCheckpoints', 'Maximum') },
    'failed checkpoints',
  );
  const processor = of('containerCPUUtilization', 'Average');
  const heap = of('heapMemoryUtilization', 'Maximum');
  const memory = of('containerMemoryUtilization', 'Maximum');
  return {
    graphs: {
      'Job: state (ms in it)': [
        of('runningTime', 'Maximum'),
        of('restartingTime', 'Maximum'),
        of('failingTime', 'Maximum'),
      ],
      'Job: processor and memory (%)': [processor, heap, memory],
      'Job: KPUs': [of('KPUs', 'Maximum')],
      'Checkpoints: duration (ms)': [of('lastCheckpointDuration', 'Maximum')],
      'Checkpoints: size (bytes)': [of('lastCheckpointSize', 'Maximum')],
      'Restarts and failed checkpoints a second': [restarts, failed],
    },
    alarms: {
      JobRestarts: {
        meaning: 'The Flink job was restarted.',
        metric: restarts,
        above: 0,
        minutes: 1,
      },
      CheckpointsFail: { meaning: 'Checkpoints of the Flink job fail.', metric: failed, above: 0 },
      JobProcessor: {
        meaning: 'Processors of the job are busy: raise Parallelism, or its most.',
        metric: processor,
        above: 80,
        minutes: 10,
      },
      JobHeap: { meaning: 'The heap of the job is nearly full.', metric: heap, above: 90 },
    },
  };
}
