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

/** Besides, where there is an endpoint on instances. */
export const endpointAlarmParameters = {
  EndpointProcessorAlarm: {
    meaning:
      'Alarm when the processors of an endpoint instance are busier, in percent of one vCPU: 160 is 80 % of the two of ml.c7i.large.',
    default: 160,
    min: 1,
  },
} as const;

export type AlarmParameters = Parameters<typeof alarmParameters>;
export type EndpointAlarmParameters = Parameters<typeof endpointAlarmParameters>;
