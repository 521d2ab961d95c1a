import { type CfnCondition, type CfnParameter, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type CfnAlarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { either, isGiven } from '../parameter.ts';

/** What is watched, and from where on it is wrong. */
export interface Watch {
  readonly meaning: string;
  readonly metric: IMetric;
  /** Wrong above this, or above a parameter that says it. One of `above` and `below` is there. */
  readonly above?: number | CfnParameter;
  /** Wrong below this. */
  readonly below?: number;
  /** So many minutes, of which it must be wrong in more than half. */
  readonly minutes?: number;
  /** No data is wrong as well: always, or under a condition. Absent: a pipeline without requests is at rest. */
  readonly silenceIsBad?: true | CfnCondition;
}

const MINUTE = Duration.minutes(1);

/** A metric of AWS, by the minute. */
export function metric(
  namespace: string,
  metricName: string,
  dimensionsMap: Readonly<Record<string, string>>,
  statistic: string,
): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, statistic, period: MINUTE });
}

/** Several metrics in one expression. */
export function expression(
  text: string,
  usingMetrics: Readonly<Record<string, IMetric>>,
  label: string,
): MathExpression {
  return new MathExpression({ expression: text, usingMetrics, label, period: MINUTE });
}

/** An alarm that notifies the topic, if there is one. */
export function alarm(
  scope: Construct,
  name: string,
  topicArn: CfnParameter,
  { meaning, metric: watched, above, below, minutes = 5, silenceIsBad }: Watch,
): Alarm {
  const made = new Alarm(scope, name, {
    alarmDescription: meaning,
    metric: watched,
    threshold: thresholdOf(above ?? below ?? 0),
    comparisonOperator:
      above === undefined
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: minutes,
    datapointsToAlarm: Math.ceil(minutes / 2),
    treatMissingData:
      silenceIsBad === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  if (silenceIsBad !== undefined && silenceIsBad !== true) {
    const { defaultChild } = made.node;
    (defaultChild as CfnAlarm).treatMissingData = either(
      silenceIsBad,
      TreatMissingData.BREACHING,
      TreatMissingData.NOT_BREACHING,
    );
  }
  made.addAlarmAction({
    bind: () => ({ alarmActionArn: either(isGiven(topicArn), topicArn.valueAsString) }),
  });
  return made;
}

function thresholdOf(limit: number | CfnParameter): number {
  return typeof limit === 'number' ? limit : limit.valueAsNumber;
}
