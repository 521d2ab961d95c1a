import { count, percent } from './format.ts';
import type { QualitySummary } from './quality.ts';

/** How good the scores are, in a few lines. */
export function qualityText(summary: QualitySummary): readonly string[] {
  const { labelled, frauds, missedUnscored, threshold } = summary;
  const unscored = missedUnscored > 0 ? `, ${count(missedUnscored)} more got no score` : '';
  return [
    ['Truth', `${count(frauds)} frauds among ${count(labelled)} labelled and scored${unscored}`],
    [
      'At threshold',
      `${figure(threshold)}: precision ${ratio(summary.precision)}, recall ${ratio(summary.recall)}, F1 ${figure(summary.f1)}, cost ${count(summary.cost)}`,
    ],
    [
      'Confusion',
      `${count(summary.truePositives)} caught, ${count(summary.falseNegatives)} missed, ${count(summary.falsePositives)} false alarms, ${count(summary.trueNegatives)} let through rightly`,
    ],
    [
      'Ranking',
      `average precision ${figure(summary.averagePrecision)}, ROC AUC ${figure(summary.rocAuc)}, recall at 1 % false positives ${ratio(summary.recallAt1)}`,
    ],
  ].map(([name = '', value]) => `  ${name.padEnd(16)} ${value}`);
}

function ratio(value: number): string {
  return Number.isNaN(value) ? '-' : percent(value);
}

function figure(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(4);
}
