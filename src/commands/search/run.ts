import { openEndpointTarget } from '../../capacity/endpoint-target.ts';
import { capacity } from '../../capacity/find-capacity.ts';
import { Probe } from '../../capacity/probe.ts';
import type { SearchTarget } from '../../capacity/search-target.ts';
import { found, tried } from '../../capacity/trial.ts';
import type { Runtime } from '../../cli/runtime.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { TrialSummary } from '../../metrics/capacity.ts';
import { searchText, trialText } from '../../report/text/search-text.ts';
import { checkThresholds } from '../shared/thresholds.ts';
import { brokenBy, writeReport } from '../shared/write-report.ts';
import type { SearchValues } from './settings.ts';

/** Raises the rate until a limit holds, and says where that is. */
export async function search(values: SearchValues, runtime: Runtime): Promise<ExitCode> {
  return searchedIn(await openSearchTarget(values, runtime), values, runtime);
}

/** The rates that were tried, and why no more were. */
interface Course {
  readonly trials: TrialSummary[];
  isStopped: boolean;
  endReason: string | undefined;
  broken: { readonly by: unknown } | undefined;
}

/** Searches the capacity of an open target, and closes it. */
export async function searchedIn(
  target: SearchTarget,
  values: SearchValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const startedAt = runtime.clock.now();
  let course: Course;
  try {
    checkThresholds(values.failIf, { ...namesOfProbe(), ...target.names });
    course = await searched(target, values, runtime);
  } finally {
    await target.close();
  }
  const { trials, isStopped, broken } = course;
  // An error before the first answer is all there is to say.
  if (broken && trials.length === 0) throw broken.by;
  const endedBy = broken && brokenBy(broken.by);
  const summary = found(trials, isStopped, endedBy?.reason ?? course.endReason);
  const { precision, repeat, failIf } = values;
  const conditions = failIf.map(({ condition: expression }) => expression);
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    durationSeconds: (runtime.clock.now() - startedAt) / 1000,
    ...(endedBy && { endedBy }),
    target: target.place,
    ...{ precision, repeat, conditions, search: summary },
  };
  const title = `Searched the capacity of ${target.place}: until ${conditions.join(', or ')}`;
  const form = { output: values.output, report: values.report };
  const text = [title, ...searchText(summary)];
  const saved = await writeReport('search', figures, text, form, runtime);
  if (broken) throw broken.by;
  const isUnfound = summary.capacityPerSecond === undefined && !isStopped;
  const hasFailed = isUnfound || course.endReason !== undefined;
  return strongest(hasFailed ? exitCodes.thresholdCrossed : exitCodes.ok, saved);
}

/** Tries one rate after the other; an error that ends it comes back, because the report comes before it. */
async function searched(
  target: SearchTarget,
  values: SearchValues,
  runtime: Runtime,
): Promise<Course> {
  const { fromRate: from, toRate: to, precision, stepBy } = values;
  const course: Course = { trials: [], isStopped: false, endReason: undefined, broken: undefined };
  try {
    await capacity({ from, to, precision, stepBy }, async (perSecond) => {
      const trial = await tried(perSecond, target, values, runtime);
      course.isStopped = trial === undefined;
      if (!trial) return undefined;
      const { summary, endReason } = trial;
      course.trials.push(summary);
      course.endReason = endReason;
      await runtime.err.print(trialText(summary));
      return endReason === undefined ? summary.isKept : undefined;
    });
  } catch (by) {
    course.broken = { by };
  }
  return course;
}

async function openSearchTarget(values: SearchValues, runtime: Runtime): Promise<SearchTarget> {
  const { step: stepMs, settle: warmUpMs, goodWithin: goodMs, pipeline } = values;
  const settings = { stepMs, warmUpMs, goodMs };
  if (!pipeline) return openEndpointTarget(values.score, settings, runtime);
  const { pipelineTarget } = await import('../../capacity/pipeline-target.ts');
  return pipelineTarget(pipeline, settings, runtime);
}

function namesOfProbe(): object {
  const nothing = new Probe(1, { stepMs: 1, warmUpMs: 0, goodMs: 0 });
  return { probe: nothing.summary() };
}
