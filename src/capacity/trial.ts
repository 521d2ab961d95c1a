import { FraudstreamError } from '../errors.ts';
import type { TrialSummary } from '../metrics/capacity.ts';
import { figuresOf } from '../metrics/figures.ts';
import { hasPaused, type LoadGeneratorSummary } from '../metrics/load-generator-health.ts';
import { snakeCased } from '../metrics/snake-case.ts';
import { evaluateThresholds, type Threshold } from '../metrics/thresholds.ts';
import { count } from '../text/format.ts';
import { samplesFor, stepFor, tooManyOf } from './conditions.ts';
import type { ProbeSettings } from './probe.ts';
import type { ProbeResult, SearchTarget } from './search-target.ts';

/** How each rate is tried. Times in milliseconds. */
export interface TrialSettings {
  /** How long a probe lasts; longer, up to a minute, where a condition needs more samples. */
  readonly stepMs: number;
  /** The beginning of each probe does not count. */
  readonly warmUpMs: number;
  /** Probes of each rate, of which most must agree. */
  readonly repeat: number;
  /** An answer is good that comes within so long of being due. */
  readonly goodMs: number;
  /** A rate is too high when one of these is true. */
  readonly conditions: readonly Threshold[];
}

/** One try of a rate; `why` is what was too high. */
interface Try {
  readonly result: ProbeResult;
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
 * Probes a rate until most of the tries agree whether it is kept; undefined where that was stopped.
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
  settings: TrialSettings,
  stop: AbortSignal,
): Promise<Trial | undefined> {
  const { repeat, conditions } = settings;
  const tries: Try[] = [];
  let endReason: string | undefined;
  for await (const one of triesOf(perSecond, target, settings, stop)) {
    tries.push(one);
    if (!hasSucceeded(one.result)) {
      endReason = await notWorking(perSecond, target, settings.goodMs);
    }
    if (endReason !== undefined || majority(tries, repeat) !== undefined) break;
  }
  if (stop.aborted) return undefined;
  const isKept = endReason === undefined && majority(tries, repeat) === true;
  return { summary: trialOf(perSecond, isKept, tries, samplesFor(conditions)), endReason };
}

/** Try after try of a rate, without those that this machine spoilt, until a stop. */
async function* triesOf(
  perSecond: number,
  target: SearchTarget,
  { conditions, repeat, stepMs: leastMs, warmUpMs, goodMs }: TrialSettings,
  stop: AbortSignal,
): AsyncGenerator<Try, void, undefined> {
  const stepMs = stepFor(perSecond, samplesFor(conditions), leastMs);
  const tooMany = tooManyOf(conditions, (perSecond * stepMs) / 1000);
  const settings = { stepMs, warmUpMs, leastMs, tooMany, goodMs };
  let repeatsLeft = repeat;
  while (!stop.aborted) {
    const result = await wholeProbe(perSecond, settings, target);
    if (stop.aborted) return;
    const why = tooHigh(result, conditions);
    const { generator } = result.probe;
    const isOurs = why !== undefined && hasSucceeded(result) && isOwnDelay(generator);
    if (isOurs && repeatsLeft > 0) repeatsLeft -= 1;
    else yield { result, why };
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
async function notWorking(
  perSecond: number,
  target: SearchTarget,
  goodMs: number,
): Promise<string | undefined> {
  const rate = Math.min(perSecond, LIGHT.perSecond);
  const settings = { stepMs: (LIGHT.records * 1000) / rate, warmUpMs: 0, goodMs };
  const result = await wholeProbe(rate, settings, target);
  if (hasSucceeded(result)) return undefined;
  const low = count(Math.round(rate));
  const at = rate < perSecond ? `${count(Math.round(perSecond))}/s, nor at ${low}/s` : `${low}/s`;
  return `errors: nothing succeeded at ${at} (${result.firstError ?? 'no response'})`;
}

function hasSucceeded({ probe }: ProbeResult): boolean {
  return probe.response.count > 0;
}

/** Probes a rate. Errors: `bad-data` where the source ended before the probe did. */
async function wholeProbe(
  perSecond: number,
  settings: ProbeSettings,
  target: SearchTarget,
): Promise<ProbeResult> {
  const result = await target.probe(perSecond, settings);
  if (!result.isCutShort) return result;
  const rate = `${count(Math.round(perSecond))}/s`;
  const records = count(Math.ceil((perSecond * (settings.stepMs + settings.warmUpMs)) / 1000));
  const message = `The input ended before a probe of ${rate} did: it takes ${records} transactions. Give --input more of them, a shorter --step, or leave --input out.`;
  throw new FraudstreamError('bad-data', message);
}

/** Why the rate is too high, by what was seen of it in one try. */
function tooHigh(result: ProbeResult, conditions: readonly Threshold[]): string | undefined {
  if (!hasSucceeded(result)) {
    return `errors: nothing succeeded (${result.firstError ?? 'no response'})`;
  }
  const figures = figuresOf(snakeCased({ probe: result.probe, ...result.figures }));
  const results = evaluateThresholds(conditions, figures);
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
  const middle = (of: (result: ProbeResult) => number): number => {
    const sorted = agreeing
      .map(({ result }) => of(result))
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  const samples = middle(({ probe }) => probe.response.count);
  const latency = (of: (result: ProbeResult) => number): number | undefined =>
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
    isOurs: agreeing.some(
      ({ result }) => hasSucceeded(result) && isOwnDelay(result.probe.generator),
    ),
    why: tries.find(({ why }) => why !== undefined)?.why,
  };
}

/** What this machine was late with must not be blamed on the target: not even one pause of it. */
function isOwnDelay({ isSaturated, limitedBy, slip }: LoadGeneratorSummary): boolean {
  return isSaturated || hasPaused(limitedBy, slip.p99Ms);
}
