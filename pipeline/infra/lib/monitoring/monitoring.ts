import { Aws, Duration, type Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { declareParameters } from '../parameter.ts';
import { alarm, type Watch } from './alarm.ts';
import { alarmParameters } from './alarm-parameters.ts';
import { jobWatched } from './watched-job.ts';
import { apiWatched, lambdaWatched, sageMakerWatched } from './watched-scoring.ts';
import { streamsWatched } from './watched-streams.ts';

/** What is watched of one part: rows of graphs, and alarms by name. */
export interface Watched {
  readonly graphs: Readonly<Record<string, readonly IMetric[]>>;
  readonly alarms: Readonly<Record<string, Watch>>;
}

export interface MonitoringProps {
  readonly inputStream: string;
  readonly verdictStream: string;
  readonly rejectStream: string;
  readonly application: string;
  readonly apiName: string;
  readonly endpoint: { readonly name: string } | { readonly functionName: string };
}

/** A dashboard of the whole way of a transaction, and alarms along it. */
export class Monitoring extends Construct {
  constructor(stack: Stack, id: string, props: MonitoringProps) {
    super(stack, id);
    const of = declareParameters(stack, 'Alarms', alarmParameters);
    const parts = [
      streamsWatched(props, of),
      jobWatched(props.application),
      apiWatched(props.apiName, of),
      'name' in props.endpoint
        ? sageMakerWatched(props.endpoint.name, of)
        : lambdaWatched(props.endpoint.functionName, of),
    ];
    for (const part of parts) {
      for (const [name, watch] of Object.entries(part.alarms))
        alarm(this, name, of.AlarmTopicArn, watch);
    }
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: Aws.STACK_NAME,
      defaultInterval: Duration.hours(3),
    });
    for (const { graphs } of parts) {
      const widgets = Object.entries(graphs).map(
        ([title, left]) => new GraphWidget({ title, left: [...left], width: 8, height: 6 }),
      );
      dashboard.addWidgets(...widgets);
    }
  }
}
