import { count, percent } from './format.ts';
import type { QualityOfScored, QualitySummary } from './quality.ts';

/** How good the scores are, in a few lines. */
export function qualityText(summary: QualitySummary, ofScored: QualityOfScored): readonly string[] {
  const { labelled, frauds, missedUnscored, unscoredGenuine, threshold } = summary;
  const unscored = missedUnscored + unscoredGenuine;
  const truth =
    unscored === 0
      ? 'labelled and scored'
      : `labelled; ${count(unscored)} got no score, the ${count(missedUnscored)} frauds of these count as missed`;
  return [
    ['Truth', `${count(frauds)} frauds among ${count(labelled)} ${truth}`],
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
    ...(unscored === 0 ? [] : [['Of the scored', ofScoredText(ofScored)]]),
  ].map(([name = '', value]) => `  ${name.padEnd(16)} ${value}`);
}

/** What the scores alone are worth. */
function ofScoredText(scored: QualityOfScored): string {
  const { frauds, labelled, averagePrecision, rocAuc } = scored;
  return `${count(frauds)} frauds among ${count(labelled)}: precision ${ratio(scored.precision)}, recall ${ratio(scored.recall)}, F1 ${figure(scored.f1)}, average precision ${figure(averagePrecision)}, ROC AUC ${figure(rocAuc)}`;
}

function ratio(value: number): string {
  return Number.isNaN(value) ? '-' : percent(value);
}

function figure(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(4);
}
