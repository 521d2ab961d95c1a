import type { Model } from './model.ts';

/** A feature that speaks for fraud: what it is, and by how much it raises the log-odds. */
export interface ScoreReason {
  readonly feature: string;
  readonly value: number;
  readonly lift: number;
}

/**
 * What makes a row suspicious: the features without which it would be less so, the strongest first.
 *
 * Each known feature is taken away in turn (made missing) and the row is scored again.
 * Shapes: `row` one row of the model.
 */
export function reasonsOf(model: Model, row: Float32Array, most: number): readonly ScoreReason[] {
  const width = model.featureNames.length;
  const rows = new Float32Array((width + 1) * width);
  for (let without = 0; without <= width; without += 1) {
    rows.set(row, without * width);
    if (without < width) rows[without * width + without] = Number.NaN;
  }
  const margins = new Float32Array(width + 1);
  model.margins(rows, width + 1, margins);
  const whole = margins[width] as number;
  return model.featureNames
    .map((feature, index) => ({
      feature,
      value: row[index] as number,
      lift: whole - (margins[index] as number),
    }))
    .filter(({ lift }) => lift > 0)
    .sort((a, b) => b.lift - a.lift)
    .slice(0, most);
}
