import type { Runtime } from '../cli/runtime.ts';
import type { SearchValues } from '../commands/search/settings.ts';
import { thresholdResults } from '../commands/shared/thresholds.ts';
import { FraudstreamError } from '../errors.ts';
import type { SearchSummary, TrialSummary } from '../metrics/capacity.ts';
import { hasPaused, type LoadGeneratorSummary } from '../metrics/load-generator-health.ts';
import { count } from '../text/format.ts';
import { samplesFor, stepFor, tooManyOf } from './conditions.ts';
import type { Held, ProbeSpan, SearchTarget } from './search-target.ts';

/** What the rates that were tried say together. */
export function found(
  trials: readonly TrialSummary[],
  isStopped: boolean,
  endReason: string | undefined,
): SearchSummary {
  const sorted = [...trials].sort((a, b) => a.targetPerSecond - b.targetPerSecond);
  const kept = sorted.filter(({ isKept }) => isKept);
  const best = kept.at(-1);
  const rate = best?.targetPerSecond ?? 0;
  const broken = sorted.find((trial) => !trial.isKept && trial.targetPerSecond > rate);
  const knee = [...kept].sort((a, b) => powerOf(b) - powerOf(a))[0];
  return {
    capacityPerSecond: best?.targetPerSecond,
    brokenAtPerSecond: broken?.targetPerSecond,
    goodputPerSecond: best?.goodPerSecond,
    kneePerSecond: knee && powerOf(knee) > 0 ? knee.targetPerSecond : undefined,
    isOurs: broken?.isOurs ?? false,
    isStopped,
    endReason,
    trials: sorted,
  };
}

function powerOf({ achievedPerSecond, p50Ms = 0 }: TrialSummary): number {
  return p50Ms > 0 ? achievedPerSecond / p50Ms : 0;
}

/** One try of a rate; `why` is what was too high. */
interface Try {
  readonly held: Held;
  readonly why: string | undefined;
}

/** What the tries of a rate came to; `endReason` says why no other rate is worth trying. */
export interface Trial {
  readonly summary: TrialSummary;
  readonly endReason: string | undefined;
}

/** Records a second, and how many of them, by which it is seen whether a target works at all. */
const LIGHT = { perSecond: 5, records: 10 } as const;

/**
 * Holds a rate until most of the tries agree whether it is kept; undefined where that was stopped.
 *
 * A try that was cut off is no evidence of anything.
 * A try in which this machine could not keep the rate says nothing about the target: it is repeated, so
 * often as there are tries, and then believed.
 * Where nothing succeeds at the rate, nor at a very low one after it, the target does not work: no other try follows.
 *
 * Errors: those of the target, `bad-data` where the source has too few records.
 */
export async function tried(
  perSecond: number,
  target: SearchTarget,
  values: SearchValues,
  { stop }: Pick<Runtime, 'stop'>,
): Promise<Trial | undefined> {
  const { repeat, failIf } = values;
  const tries: Try[] = [];
  let endReason: string | undefined;
  for await (const one of triesOf(perSecond, target, values, stop)) {
    tries.push(one);
    if (!hasSucceeded(one.held)) endReason = await notWorking(perSecond, target);
    if (endReason !== undefined || majority(tries, repeat) !== undefined) break;
  }
  if (stop.aborted) return undefined;
  const isKept = endReason === undefined && majority(tries, repeat) === true;
  return { summary: trialOf(perSecond, isKept, tries, samplesFor(failIf)), endReason };
}

/** Try after try of a rate, without those that this machine spoilt, until a stop. */
async function* triesOf(
  perSecond: number,
  target: SearchTarget,
  { failIf, repeat, step, settle: warmUpMs }: SearchValues,
  stop: AbortSignal,
): AsyncGenerator<Try, void, undefined> {
  const stepMs = stepFor(perSecond, samplesFor(failIf), step);
  const tooMany = tooManyOf(failIf, (perSecond * stepMs) / 1000);
  const span = { stepMs, warmUpMs, leastMs: step, tooMany };
  let voidsLeft = repeat;
  while (!stop.aborted) {
    const held = await wholly(perSecond, span, target);
    if (stop.aborted) return;
    const why = tooHigh(held, failIf);
    const isOurs = why !== undefined && hasSucceeded(held) && isOwnDelay(held.probe.generator);
    if (isOurs && voidsLeft > 0) voidsLeft -= 1;
    else yield { held, why };
  }
}

/** Whether the rate was kept in most of so many tries; undefined while that is open. */
function majority(tries: readonly Try[], repeat: number): boolean | undefined {
  const most = Math.floor(repeat / 2) + 1;
  const kept = tries.filter(({ why }) => why === undefined).length;
  if (kept >= most) return true;
  return tries.length - kept >= most ? false : undefined;
}

/** Why a target in which nothing succeeded does not work at any rate; undefined where it does. */
async function notWorking(perSecond: number, target: SearchTarget): Promise<string | undefined> {
  const rate = Math.min(perSecond, LIGHT.perSecond);
  const span = { stepMs: (LIGHT.records * 1000) / rate, warmUpMs: 0 };
  const held = await wholly(rate, span, target);
  if (hasSucceeded(held)) return undefined;
  const low = count(Math.round(rate));
  const at = rate < perSecond ? `${count(Math.round(perSecond))}/s, nor at ${low}/s` : `${low}/s`;
  return `errors: nothing succeeded at ${at} (${held.firstError ?? 'no answer came'})`;
}

function hasSucceeded({ probe }: Held): boolean {
  return probe.response.count > 0;
}

/** Holds a rate. Errors: `bad-data` where the source ended before the span did. */
async function wholly(perSecond: number, span: ProbeSpan, target: SearchTarget): Promise<Held> {
  const held = await target.hold(perSecond, span);
  if (!held.isCutShort) return held;
  const rate = `${count(Math.round(perSecond))}/s`;
  const records = count(Math.ceil((perSecond * (span.stepMs + span.warmUpMs)) / 1000));
  const message = `The input ended before ${rate} was held: that takes ${records} transactions. Give --input more of them, a shorter --step, or leave --input out.`;
  throw new FraudstreamError('bad-data', message);
}

/** Why the rate is too high, by what was seen of it in one try. */
function tooHigh(held: Held, failIf: SearchValues['failIf']): string | undefined {
  if (!hasSucceeded(held)) {
    return `errors: nothing succeeded (${held.firstError ?? 'no answer came'})`;
  }
  const results = thresholdResults(failIf, { probe: held.probe, ...held.figures });
  const broken = results.find(({ passed }) => passed === false);
  return broken && `${broken.condition} (${broken.actualText})`;
}

function trialOf(
  targetPerSecond: number,
  isKept: boolean,
  tries: readonly Try[],
  samplesNeeded: number,
): TrialSummary {
  const agreeing = tries.filter(({ why }) => (why === undefined) === isKept);
  const middle = (of: (held: Held) => number): number => {
    const sorted = agreeing
      .map(({ held }) => of(held))
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  const samples = middle(({ probe }) => probe.response.count);
  const latency = (of: (held: Held) => number): number | undefined =>
    samples > 0 ? middle(of) : undefined;
  return {
    targetPerSecond,
    isKept,
    agreeing: agreeing.length,
    tries: tries.length,
    achievedPerSecond: middle(({ probe }) => probe.achievedPerSecond),
    goodPerSecond: middle(({ probe }) => probe.goodPerSecond),
    errorsShare: middle(({ probe }) => probe.errorsShare),
    samples,
    samplesNeeded,
    p50Ms: latency(({ probe }) => probe.response.p50Ms),
    p99Ms: latency(({ probe }) => probe.response.p99Ms),
    // Where nothing succeeds, it is not for want of speed on this side.
    isOurs: agreeing.some(({ held }) => hasSucceeded(held) && isOwnDelay(held.probe.generator)),
    why: tries.find(({ why }) => why !== undefined)?.why,
  };
}

/** What this machine was late with must not be blamed on the target: not even one pause of it. */
function isOwnDelay({ isSaturated, limitedBy, slip }: LoadGeneratorSummary): boolean {
  return isSaturated || hasPaused(limitedBy, slip.p99Ms);
}
