import { FraudstreamError } from '../../fraudstream-error.ts';
import type { LineForm } from '../../generators/lines/line-form.ts';

/** What the flags say about where lines go, and in which form. */
export interface OutputValues {
  readonly out: string | undefined;
  readonly format: LineForm['format'] | undefined;
  readonly labels: LineForm['labels'];
  readonly manifest: string | undefined;
}

/** Where lines go: one file for each track of the form, or stdout where there is none. */
export interface OutputNames {
  readonly form: LineForm;
  readonly files: readonly string[];
  readonly manifest: string | undefined;
}

/** `day.csv.gz` in its parts: `day`, `.csv`, `.gz`. */
const PARTS = /^(.*?)(\.(?:ndjson|jsonl|json|csv))?(\.gz)?$/s;

/**
 * The files of the flags: `day.csv.gz` has its labels in `day.labels.csv.gz` and its manifest in
 * `day.manifest.json`.
 *
 * Errors: `usage` for labels or a manifest beside a file that nobody named.
 */
export function outputNames({ out, format, labels, manifest }: OutputValues): OutputNames {
  if (out === undefined) return toStdout({ format: format ?? 'ndjson', labels }, manifest);
  const [, base = out, ending = '', zip = ''] = PARTS.exec(out) ?? [];
  const form = { format: format ?? (ending === '.csv' ? 'csv' : 'ndjson'), labels };
  const files = labels === 'sidecar' ? [out, `${base}.labels${ending}${zip}`] : [out];
  const beside = manifest ?? `${base}.manifest.json`;
  return { form, files, manifest: beside === 'none' ? undefined : beside };
}

function toStdout(form: LineForm, manifest: string | undefined): OutputNames {
  if (form.labels === 'sidecar') {
    throw new FraudstreamError(
      'usage',
      '--labels sidecar needs --out: the labels go to a file beside it, never to stdout.',
    );
  }
  if (manifest !== undefined && manifest !== 'none') {
    throw new FraudstreamError('usage', '--manifest needs --out: it tells of the files written.');
  }
  return { form, files: [], manifest: undefined };
}
