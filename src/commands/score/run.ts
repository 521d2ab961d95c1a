import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { featureSource } from '../../engine/feature-source.ts';
import { GeneratedTruth, inlineTruth, labelledTruth } from '../../engine/ground-truth.ts';
import type { LabelStreamFigures } from '../../engine/label-stream.ts';
import { scoreRun } from '../../engine/score-run.ts';
import { scoreStream } from '../../engine/score-stream.ts';
import { emptyScoring } from '../../engine/scoring-figures.ts';
import type { ScoreSinks } from '../../engine/sinks.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { LabelledFeatures } from '../../features/labelled-features.ts';
import { restoredFeatures } from '../../files/feature-state-file.ts';
import { labelsOf } from '../../files/labels.ts';
import { type BadLine, badLineText } from '../../files/reading/row.ts';
import { ipRanges } from '../../geoip/ip-ranges.ts';
import { Pauses } from '../../metrics/pauses.ts';
import type { Model } from '../../model/model.ts';
import { paced, plannedCount, ready } from '../../pacing/pace-settings.ts';
import { OUT_OF_RANGE } from '../../report/text/delivery-text.ts';
import { preparedCandidates, unscheduled } from '../../scoring/candidates.ts';
import type { ScoreClient } from '../../scoring/score-client.ts';
import { count } from '../../text/format.ts';
import type { Label } from '../../transactions/label.ts';
import { unreadable } from '../../transactions/verdict.ts';
import { AbortOnThreshold } from '../shared/abort-on-threshold.ts';
import { withCheckpointLock } from '../shared/checkpoint-lock.ts';
import { checkTransactions, contractOf } from '../shared/contract.ts';
import { type Observers, observed } from '../shared/observed.ts';
import { openReader } from '../shared/open-reader.ts';
import { type OpenStream, openExisting } from '../shared/open-stream.ts';
import { reportScoring, watched } from '../shared/scoring-report.ts';
import {
  checkFeatures,
  knownModel,
  noteThreshold,
  runSettingsOf,
} from '../shared/scoring-settings.ts';
import { openSinks, remoteOf } from '../shared/scoring-sinks.ts';
import { openTarget } from '../shared/scoring-target.ts';
import { openRecordSource, PACED_GROUP_SIZE, paceOf } from '../shared/source.ts';
import { checkThresholds, thresholdsOf } from '../shared/thresholds.ts';
import type { scoreFlags } from './flags.ts';

type ScoreValues = Values<typeof scoreFlags>;

/** Scores the transactions of a stream, of files or of a generated world, and reports. */
export async function score(values: ScoreValues, runtime: Runtime): Promise<ExitCode> {
  checkThresholds(thresholdsOf(values), () => ({
    ...emptyScoring(),
    pauses: new Pauses().summary(),
  }));
  checkFeatures(values);
  return observed('score', values, runtime, (observers, watched) =>
    scoreAll(values, new AbortOnThreshold(values, watched), observers),
  );
}

async function scoreAll(
  values: ScoreValues,
  guard: AbortOnThreshold,
  observers: Observers,
): Promise<ExitCode> {
  const { runtime } = guard;
  const model = await knownModel(values);
  const client = await openTarget(values, runtime);
  const endpoint = { client, model };
  try {
    await noteThreshold(values, model, runtime);
    const { fromStream } = values;
    if (fromStream === undefined) return await scoreRecords(values, endpoint, guard, observers);
    return await withCheckpointLock(values.checkpoint, runtime, () =>
      scoreFromStream(fromStream, values, endpoint, guard, observers),
    );
  } finally {
    await client.close();
  }
}

/** What scores, and its model where it is known. */
interface ScoringEndpoint {
  readonly client: ScoreClient;
  readonly model: Model | undefined;
}

async function scoreFromStream(
  stream: string,
  values: ScoreValues,
  { client, model }: ScoringEndpoint,
  guard: AbortOnThreshold,
  observers: Observers,
): Promise<ExitCode> {
  const { runtime } = guard;
  const { features, ipSpace, from, featureOrder, checkpoint } = values;
  const labels = values.labels === undefined ? undefined : await labelsOf(values.labels);
  const contract = await contractOf(values);
  const transactionForm = contract?.transactions;
  checkTransactions(transactionForm, 'score');
  const settings = {
    ...runSettingsOf(values, false, model),
    ...{ features, ipSpace, stream, from, featureOrder, checkpoint },
    featureNames: model?.featureNames,
    restored: await restoredOf(values),
    checkpointIntervalMs: values.checkpointInterval,
    count: values.count,
    idleMs: values.idleTimeout,
    labels: labels?.all() ?? [],
    transactionForm,
  };
  const remote = remoteOf(stream, '--from-stream', values);
  const input = await openReader(
    await openExisting(remote, 'read', runtime),
    { ...values, ...remote },
    runtime,
  );
  let labelStream: OpenStream | undefined;
  try {
    labelStream = await openLabelStream(values, runtime);
    const dependencies = {
      labelStream: labelStream?.client,
      ...{ clock: runtime.clock, random: runtime.random, stop: runtime.stop },
      truth: labels ? labelledTruth(labels) : inlineTruth,
      openSinks: (acknowledge: (ids: readonly string[]) => void) =>
        openSinks(values, runtime, contract, acknowledge),
    };
    const result = await watched(
      (onStart) => scoreStream(input.client, client, settings, { ...dependencies, onStart }),
      values.count,
      values,
      guard,
      observers,
    );
    const { unread, outOfRange, labelStream: read } = result;
    const notes = [
      ...(unread > 0 ? [`${count(unread)} records were not transactions and were not scored`] : []),
      ...(outOfRange > 0 ? [`${count(outOfRange)} transactions ${OUT_OF_RANGE}`] : []),
      ...(read ? labelNotes(read, labelStream?.name) : []),
    ];
    const title = `Scored by ${client.place} from stream ${stream} (${input.place})`;
    const ofLabels = read && { labelsStream: labelStream?.name, ...read };
    const counts = { unreadRecords: unread, outOfRangeRecords: outOfRange };
    const source = { stream, ...counts, ...ofLabels };
    const described = {
      title: [title, ...notes.map((note) => `  ${note}`)],
      figures: { source },
    };
    const code = await reportScoring(result, client, described, values, guard);
    await labels?.printNotes(runtime);
    const isBad = unread > 0 || (read?.badLabels ?? 0) > 0;
    return strongest(code, isBad ? exitCodes.badData : exitCodes.ok);
  } finally {
    await labelStream?.close();
    await input.close();
  }
}

/** The stream of labels of the flags. Errors: `usage` where no features are computed; those of the stream. */
async function openLabelStream(
  values: ScoreValues,
  runtime: Runtime,
): Promise<OpenStream | undefined> {
  const { labelsStream, features } = values;
  if (labelsStream === undefined) return undefined;
  if (features === 'computed') {
    return openExisting(remoteOf(labelsStream, '--labels-stream', values), 'read', runtime);
  }
  const message = `--labels-stream is learnt by features that are computed: leave it out with --features ${features}.`;
  throw new FraudstreamError('usage', message);
}

function labelNotes({ labels, badLabels }: LabelStreamFigures, name = ''): readonly string[] {
  const bad = badLabels > 0 ? `, ${count(badLabels)} records were not labels` : '';
  return [`${count(labels)} labels from stream ${name}${bad}`];
}

async function scoreRecords(
  values: ScoreValues,
  { client, model }: ScoringEndpoint,
  guard: AbortOnThreshold,
  observers: Observers,
): Promise<ExitCode> {
  const { runtime } = guard;
  const isPaced = Number.isFinite(values.rate);
  const generated = new GeneratedTruth();
  const features = featureSource(values, await restoredOf(values));
  const sinks = await openSinks(values, runtime, await contractOf(values));
  // What is wrong with a line goes to the sink of rejects, together with what could not be scored.
  const listeners = {
    onFraud: (fraud: Label): void => {
      generated.add(fraud);
      features.expect(fraud);
    },
    onBadLine: rejectedTo(sinks, runtime),
    given: values.features === 'given' ? { names: model?.featureNames } : undefined,
    groupSize: isPaced ? PACED_GROUP_SIZE : undefined,
    needsTransactions: 'score',
  };
  const source = await openRecordSource({ ...values, rejects: undefined }, runtime, listeners);
  const ownTruth = 'seed' in source.origin ? generated : inlineTruth;
  const labels = values.labels === undefined ? undefined : await labelsOf(values.labels);
  for (const label of labels?.all() ?? []) features.expect(label);
  const settings = runSettingsOf(values, isPaced, model);
  const pace = paceOf({ ...values, stages: undefined });
  const prepared = preparedCandidates(source.groups, features.of);
  const groups = await ready(prepared, pace);
  const due = paced(groups, pace, { clock: runtime.paceClock, stop: runtime.stop });
  const { clock, random } = runtime;
  const truth = labels ? labelledTruth(labels) : ownTruth;
  const result = await watched(
    (onStart) =>
      scoreRun(isPaced ? due : unscheduled(due), client, settings, {
        ...{ clock, random, truth, sinks, onStart },
      }),
    plannedCount(pace),
    values,
    guard,
    observers,
  );
  const { origin } = source;
  const from = 'seed' in origin ? `a generated world, seed ${origin.seed}` : origin.input;
  const bad = source.rejected();
  const note = bad > 0 ? [`  ${count(bad)} bad lines of the input were not sent`] : [];
  const described = {
    title: [`Scored by ${client.place} from ${from}`, ...note],
    figures: { source: { ...origin, ...source.figures() } },
  };
  const code = await reportScoring(result, client, described, values, guard);
  await labels?.printNotes(runtime);
  await source.close();
  return strongest(code, bad > 0 ? exitCodes.badData : exitCodes.ok);
}

/** The features of the state of the flags. Errors: `usage` where none are computed; those of `restoredFeatures`. */
async function restoredOf({
  restore,
  features,
  ipSpace,
}: ScoreValues): Promise<LabelledFeatures | undefined> {
  if (restore === undefined) return undefined;
  if (features === 'computed') return restoredFeatures(restore, ipRanges(ipSpace));
  const message = `--restore is the state of features that are computed: leave it out with --features ${features}.`;
  throw new FraudstreamError('usage', message);
}

function rejectedTo(sinks: ScoreSinks, { clock }: Runtime): (bad: BadLine) => void {
  return (bad) => {
    const rejection = unreadable(bad.bytes, badLineText(bad), clock.now());
    // A sink that cannot be written says so when it is ended.
    sinks.writeRejection(rejection, '').catch(() => undefined);
  };
}
