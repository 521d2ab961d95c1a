import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { expression, metric, type Watch } from './alarm.ts';
import type { AlarmParameters } from './alarm-parameters.ts';
import type { MonitoringProps, Watched } from './watched.ts';

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
  const refusedRejects = stream('WriteProvisionedThroughputExceeded', rejectStream, 'Sum');
  return {
    atAGlance: [],
    graphs: {
      'Kinesis records put a minute': [put, verdicts, rejects],
      'Oldest record that any reader of the input got (ms)': [age],
      'Puts refused by shards': [refused, refusedVerdicts, refusedRejects],
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
      VerdictsThrottled: ofTheJob('verdicts', refusedVerdicts),
      RejectsThrottled: ofTheJob('rejects', refusedRejects),
    },
  };
}

function ofTheJob(what: string, metric: IMetric): Watch {
  return {
    meaning: `Shards of the ${what} refuse puts of the job: more shards.`,
    metric,
    above: 0,
  };
}
