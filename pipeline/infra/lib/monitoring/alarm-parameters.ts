import type { Parameters } from '../parameter.ts';

/** What can be said about alarms when the pipeline is deployed. */
export const alarmParameters = {
  AlarmTopicArn: { meaning: 'SNS topic that alarms tell; empty for none.', default: '' },
  LatencyAlarmMs: { meaning: 'Alarm when p99 of scoring is above.', default: 1000, min: 1 },
  BehindAlarmMs: { meaning: 'Alarm when the job is so far behind.', default: 60_000, min: 1000 },
  RejectsAlarm: {
    meaning: 'Alarm when more transactions a minute get no verdict.',
    default: 10,
    min: 0,
  },
} as const;

export type AlarmParameters = Parameters<typeof alarmParameters>;
