/** Names of colours in the style. */
export type Colour = 'mark' | 'second' | 'third' | 'bad' | 'good' | 'quiet';

/** One line or row of bars of a chart. */
export interface Line {
  readonly label: string;
  readonly colour: Colour;
  readonly values: readonly (number | null)[];
  readonly isDashed?: boolean;
}

/** How the values of an axis are written. */
export type Unit =
  | 'count'
  | 'ms'
  | 'share'
  | 'per-second'
  | 'plain'
  | 'percentile'
  | 'time'
  | 'name';

/** One chart; `follows` names what of the threshold it marks. */
export interface Chart {
  readonly id: string;
  readonly form: 'lines' | 'bars' | 'stairs';
  readonly x: { readonly label: string; readonly unit: Unit; readonly values: readonly number[] };
  readonly y: { readonly label: string; readonly unit: Unit; readonly isLog?: boolean };
  readonly names?: readonly string[];
  readonly lines: readonly Line[];
  readonly follows?: 'threshold' | 'precision-recall' | 'roc';
}

/** Scores in bins of equal width, those at 1 in a bin of their own: bin, genuine, frauds. */
export interface Scores {
  readonly bins: number;
  readonly rows: readonly (readonly [number, number, number])[];
  readonly threshold: number;
  /** Those without a score: below every threshold. */
  readonly unscored: { readonly frauds: number; readonly genuine: number };
  readonly missedFraud: number;
  readonly falseAlarm: number;
}

export interface PageData {
  readonly charts: readonly Chart[];
  readonly scores?: Scores;
}
