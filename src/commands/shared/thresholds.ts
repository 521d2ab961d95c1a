import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError } from '../../errors.ts';
import { figuresOf } from '../../metrics/figures.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import {
  evaluateThresholds,
  figureOf,
  type InvalidThreshold,
  REQUIRE,
  type Threshold,
  type ThresholdResult,
} from '../../metrics/thresholds.ts';
import { nearestOf } from '../../text/suggestions.ts';
import type { thresholdSettings } from './flags/report-flags.ts';

/** The flags that say when a run has failed. */
export type ThresholdValues = Values<ReturnType<typeof thresholdSettings>>;

/** All conditions of the flags. */
export function thresholdsOf({ require, failIf }: ThresholdValues): readonly Threshold[] {
  return [...require, ...failIf];
}

/** Names shown where one was not understood. */
const SHOWN = 6;

/**
 * Throws unless each threshold names a figure that the report of this command will have.
 *
 * `empty` makes a report of nothing. Errors: `usage` with the nearest names.
 */
export function checkThresholds(thresholds: readonly Threshold[], empty: () => object): void {
  if (thresholds.length > 0) checkFigures(thresholds, snakeCased(empty()));
}

/** The same, for a report in its JSON form. */
export function checkFigures(thresholds: readonly Threshold[], report: unknown): void {
  if (thresholds.length === 0) return;
  const figures = figuresOf(report);
  for (const threshold of thresholds) {
    const figure = figureOf(threshold, figures);
    if ('kind' in figure) throw new FraudstreamError('usage', complaint(threshold, figure));
  }
}

/** Evaluates thresholds against the figures of a report. */
export function thresholdResults(
  thresholds: readonly Threshold[],
  report: object,
): readonly ThresholdResult[] {
  return thresholds.length === 0
    ? []
    : evaluateThresholds(thresholds, figuresOf(snakeCased(report)));
}

function complaint({ condition, name }: Threshold, unfit: InvalidThreshold): string {
  const flag = condition.startsWith(REQUIRE) ? '--require' : '--fail-if';
  const at = `${flag} "${condition.slice(condition.startsWith(REQUIRE) ? REQUIRE.length : 0)}":`;
  if (unfit.kind === 'ambiguous') {
    return `${at} "${name}" may mean ${some(unfit.names)}. Write more of its name.`;
  }
  if (unfit.kind === 'unknown') {
    const near = nearestOf(name, unfit.names, SHOWN);
    return `${at} the report has no figure "${name}". Near it are ${some(near)}; docs/thresholds.md lists them all.`;
  }
  const { figure } = unfit;
  const wanted = { ms: '250ms', 'per-second': '2k/s', bytes: '5MiB', share: '1%', number: '0.6' };
  return `${at} ${figure.name} is compared with a limit such as ${wanted[figure.unit]}.`;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
