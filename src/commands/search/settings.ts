import { conditionsOf } from '../../capacity/conditions.ts';
import type { EndpointSearchValues } from '../../capacity/endpoint-target.ts';
import type { Runtime } from '../../cli/runtime.ts';
import type { SettingsTable } from '../../cli/settings/define-setting.ts';
import { resolveSettings } from '../../cli/settings/resolve-settings.ts';
import type { ProducerSettings } from '../../kinesis/producer/producer-settings.ts';
import { producerDefaults } from '../../kinesis/producer/producer-settings.ts';
import type { DriveValues } from '../../pipeline-test/driver.ts';
import type { PipelineValues } from '../../pipeline-test/open-pipeline.ts';
import { run } from '../run/flags.ts';
import { score } from '../score/flags.ts';
import type { RecordSourceValues } from '../shared/source.ts';
import type { ThresholdValues } from '../shared/thresholds.ts';
import type { ReportValues } from '../shared/write-report.ts';

/** Everything that a search through a pipeline needs. */
export interface PipelineSearchValues extends PipelineValues, RecordSourceValues, DriveValues {
  readonly lateAfter: number;
  readonly threshold: number | undefined;
  readonly costMissed: number;
  readonly costAlarm: number;
}

/** How a capacity is sought. */
export interface SearchValues extends ThresholdValues, ReportValues {
  readonly fromRate: number;
  readonly toRate: number;
  readonly precision: number;
  readonly stepBy: number | undefined;
  readonly step: number;
  readonly settle: number;
  readonly repeat: number;
  readonly goodWithin: number;
  readonly score: EndpointSearchValues;
  readonly pipeline: PipelineSearchValues | undefined;
}

/**
 * The flags of `search` as those of `score` and `run`: what both know, and their own defaults.
 *
 * A pipeline is meant by `--through pipeline`, or by whatever names one.
 */
export function searchValues(
  asked: Readonly<Record<string, unknown>>,
  env: Runtime['env'],
): SearchValues {
  const { through, stream, stack, kinesisEndpointUrl: endpointUrl } = asked;
  const isPipeline =
    through === 'pipeline' || (through === undefined && (stream ?? stack) !== undefined);
  const known = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  );
  // Each table has a value of the right type for each name.
  const ofScore = {
    ...defaultsOf(score.settings, env),
    ...known,
  } as unknown as EndpointSearchValues;
  const { requestTimeout, connectTimeout, ...others } = known;
  const producer: ProducerSettings = { ...producerDefaults, isOrdered: true };
  const ofRun = { ...defaultsOf(run.settings, env), ...others, endpointUrl, producer };
  const flags = asked as unknown as SearchValues;
  return {
    ...flags,
    failIf: conditionsOf(flags.failIf),
    score: ofScore,
    pipeline: isPipeline ? (ofRun as unknown as PipelineSearchValues) : undefined,
  };
}

function defaultsOf(table: SettingsTable, env: Runtime['env']): Readonly<Record<string, unknown>> {
  const settled = resolveSettings(table, { flags: new Map(), env });
  return Object.fromEntries(settled.map(({ key, value }) => [key, value]));
}
