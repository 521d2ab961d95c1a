import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { expression, metric } from './alarm.ts';
import type { AlarmParameters } from './alarm-parameters.ts';
import type { MonitoringProps, Watched } from './monitoring.ts';

/** Records in and out, and how far the job is behind. */
export function streamsWatched(props: MonitoringProps, of: AlarmParameters): Watched {
  const stream = (name: string, StreamName: string, statistic: string): IMetric =>
    metric('AWS/Kinesis', name, { StreamName }, statistic);
  const { inputStream, verdictStream, rejectStream } = props;
  const put = stream('IncomingRecords', inputStream, 'Sum');
  const verdicts = stream('IncomingRecords', verdictStream, 'Sum');
  const rejects = stream('IncomingRecords', rejectStream, 'Sum');
  const age = stream('GetRecords.IteratorAgeMilliseconds', inputStream, 'Maximum');
  const refused = stream('WriteProvisionedThroughputExceeded', inputStream, 'Sum');
  const refusedVerdicts = stream('WriteProvisionedThroughputExceeded', verdictStream, 'Sum');
  return {
    graphs: {
      'Records put a minute': [put, verdicts, rejects],
      'Behind the end of the input (ms)': [age],
      'Puts refused by shards': [refused, refusedVerdicts],
    },
    alarms: {
      NoVerdicts: {
        meaning: 'Transactions come in, and no verdict goes out.',
        metric: expression(
          'IF(FILL(put, 0) > 0 AND FILL(verdicts, 0) == 0, 1, 0)',
          { put, verdicts },
          'no verdicts',
        ),
        above: 0,
      },
      Behind: {
        meaning: 'The job reads older transactions than it should.',
        metric: age,
        above: of.BehindAlarmMs,
      },
      Rejects: {
        meaning: 'Transactions got no verdict: read the stream of rejects for the reasons.',
        metric: rejects,
        above: of.RejectsAlarm,
        minutes: 1,
      },
      InputThrottled: {
        meaning: 'Shards of the input refuse puts: more shards, or another partition key.',
        metric: refused,
        above: 0,
      },
      VerdictsThrottled: {
        meaning: 'Shards of the verdicts refuse puts of the job.',
        metric: refusedVerdicts,
        above: 0,
      },
    },
  };
}
