import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { type Capacity, capacity } from '../../pacing/capacity.ts';
import { type GeneratorSummary, hasPaused } from '../../reporting/generator.ts';
import type { SearchSummary, TrialSummary } from '../../reporting/search.ts';
import { searchText, trialText } from '../../reporting/search-text.ts';
import type { Outside } from '../outside.ts';
import { checkLimits, judged } from './reports/limits.ts';
import { writeReport } from './reports/report.ts';
import { openEndpointTarget } from './searching/endpoint-target.ts';
import { Probe } from './searching/probe.ts';
import type { SearchValues } from './searching/search-values.ts';
import type { Held, SearchTarget } from './searching/target.ts';

/** Raises the rate until a limit holds, and says where that is. */
export async function search(values: SearchValues, outside: Outside): Promise<ExitCode> {
  return searchedIn(await openSearchTarget(values, outside), values, outside);
}

/** Searches the capacity of an open target, and closes it. */
export async function searchedIn(
  target: SearchTarget,
  values: SearchValues,
  outside: Outside,
): Promise<ExitCode> {
  const startedAt = outside.clock.now();
  const trials: TrialSummary[] = [];
  let isStopped = false;
  let found: Capacity;
  try {
    checkLimits(values.failIf, { ...namesOfProbe(), ...target.names });
    found = await capacity(
      {
        from: values.fromRate,
        to: values.toRate,
        precision: values.precision,
        stepBy: values.stepBy,
      },
      async (perSecond) => {
        const trial = await tried(perSecond, target, values, outside);
        isStopped = trial === undefined;
        if (!trial) return undefined;
        trials.push(trial);
        await outside.err.write(`${trialText(trial)}\n`);
        return trial.isKept;
      },
    );
  } finally {
    await target.close();
  }
  const summary = summaryOf(found, trials, isStopped);
  const { precision, repeat, failIf } = values;
  const conditions = failIf.map(({ expression }) => expression);
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    durationSeconds: (outside.clock.now() - startedAt) / 1000,
    place: target.place,
    ...{ precision, repeat, conditions, search: summary },
  };
  const title = `Searched the capacity of ${target.place}: until ${conditions.join(', or ')}`;
  const form = { output: values.output, report: values.report };
  const saved = await writeReport(
    'search',
    figures,
    [title, ...searchText(summary)],
    form,
    outside,
  );
  const isBroken = summary.capacityPerSecond === undefined && !isStopped;
  return strongest(isBroken ? exitCodes.thresholdCrossed : exitCodes.held, saved);
}

async function openSearchTarget(values: SearchValues, outside: Outside): Promise<SearchTarget> {
  const { step: stepMs, settle: warmUpMs, goodWithin: goodMs, pipeline } = values;
  const settings = { stepMs, warmUpMs, goodMs };
  if (!pipeline) return openEndpointTarget(values.score, settings, outside);
  const { pipelineTarget } = await import('./searching/pipeline-target.ts');
  return pipelineTarget(pipeline, settings, outside);
}

function namesOfProbe(): object {
  const nothing = new Probe(1, { stepMs: 1, warmUpMs: 0, goodMs: 0 });
  return { probe: nothing.summary() };
}

/**
 * Holds a rate until most of the tries agree whether it is kept; undefined where that was stopped.
 *
 * A try that was cut off is no evidence of anything.
 * A try in which this machine could not keep the rate says nothing about the target: it is repeated, so
 * often as there are tries, and then believed.
 */
async function tried(
  perSecond: number,
  target: SearchTarget,
  { failIf, repeat }: SearchValues,
  { stop }: Outside,
): Promise<TrialSummary | undefined> {
  const most = Math.floor(repeat / 2) + 1;
  const holds: { readonly held: Held; readonly why: string | undefined }[] = [];
  const agreeing = (isKept: boolean): number =>
    holds.filter(({ why }) => (why === undefined) === isKept).length;
  let voidsLeft = repeat;
  while (agreeing(true) < most && agreeing(false) < most) {
    if (stop.aborted) return undefined;
    const held = await target.hold(perSecond);
    if (stop.aborted) return undefined;
    const results = judged(failIf, { probe: held.probe, ...held.figures });
    const broken = results.find((result) => result.holds);
    if (broken && isOwnDelay(held.probe.generator) && voidsLeft > 0) {
      voidsLeft -= 1;
      continue;
    }
    holds.push({ held, why: broken && `${broken.expression} (${broken.told})` });
  }
  const isKept = agreeing(true) >= most;
  const told = holds.filter(({ why }) => (why === undefined) === isKept);
  return trialOf(perSecond, isKept, told, holds.length);
}

function trialOf(
  targetPerSecond: number,
  isKept: boolean,
  told: readonly { readonly held: Held; readonly why: string | undefined }[],
  tries: number,
): TrialSummary {
  const middle = (of: (held: Held) => number): number => {
    const sorted = told.map(({ held }) => of(held)).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  return {
    targetPerSecond,
    isKept,
    agreeing: told.length,
    tries,
    achievedPerSecond: middle(({ probe }) => probe.achievedPerSecond),
    goodPerSecond: middle(({ probe }) => probe.goodPerSecond),
    errorsShare: middle(({ probe }) => probe.errorsShare),
    p50Ms: middle(({ probe }) => probe.response.p50Ms),
    p99Ms: middle(({ probe }) => probe.response.p99Ms),
    isOurs: told.some(({ held }) => isOwnDelay(held.probe.generator)),
    why: told[0]?.why,
  };
}

function summaryOf(
  { kept, broken }: Capacity,
  trials: readonly TrialSummary[],
  isStopped: boolean,
): SearchSummary {
  const at = (rate: number | undefined): TrialSummary | undefined =>
    trials.find(({ targetPerSecond }) => targetPerSecond === rate);
  const powerOf = ({ achievedPerSecond, p50Ms }: TrialSummary): number =>
    p50Ms > 0 ? achievedPerSecond / p50Ms : 0;
  const knee = [...trials].sort((a, b) => powerOf(b) - powerOf(a))[0];
  return {
    capacityPerSecond: kept,
    brokenAtPerSecond: broken,
    goodputPerSecond: at(kept)?.goodPerSecond,
    kneePerSecond: knee && powerOf(knee) > 0 ? knee.targetPerSecond : undefined,
    isOurs: at(broken)?.isOurs ?? false,
    isStopped,
    trials: [...trials].sort((a, b) => a.targetPerSecond - b.targetPerSecond),
  };
}

/** What this machine was late with must not be blamed on the target: not even one pause of it. */
function isOwnDelay({ isSaturated, limitedBy, slip }: GeneratorSummary): boolean {
  return isSaturated || hasPaused(limitedBy, slip.p99Ms);
}
