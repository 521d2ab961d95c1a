/**
 * Something that a check of a file found: an error makes the record invalid, a warning does not.
 *
 * `line` counts from 1, in a Parquet file it is the row. `field` is empty where it is about the whole
 * line, `value` what stood there, cut to size; null where nothing did.
 */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly field: string;
  readonly value: string | null;
  readonly reason: string;
}
