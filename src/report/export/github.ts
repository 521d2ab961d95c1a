import { thresholdState } from '../../metrics/thresholds.ts';
import { comparisonState } from '../document/comparison.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { cautionOf, keyFigures, titleOf } from '../document/views.ts';
import { annotation, data, property } from '../text/validation-text.ts';

/** Renders a report as GitHub workflow commands: an error for each reason to fail, a notice with the figures. */
export function githubAnnotations(document: ReportDocument): readonly string[] {
  const title = property(titleOf(document));
  const figures = keyFigures(document).map(({ name, value }) => `${name} ${value}`);
  const caution = cautionOf(document);
  return [
    ...(document.findings ?? []).map(annotation),
    ...(document.outcome?.reasons ?? []).map((reason) => `::error title=${title}::${data(reason)}`),
    ...unmeasured(document).map((what) => `::warning title=${title}::NOT MEASURED: ${data(what)}`),
    ...(caution === undefined ? [] : [`::warning title=${title}::${data(caution)}`]),
    `::notice title=${title}::${data(figures.join(', '))}`,
  ];
}

/** Thresholds and comparisons that were not measured. */
function unmeasured({ thresholds = [], comparison }: ReportDocument): readonly string[] {
  return [
    ...thresholds
      .filter((threshold) => thresholdState(threshold) === 'not measured')
      .map(({ condition }) => condition),
    ...(comparison?.rows ?? [])
      .filter((row) => comparisonState(row) === 'not measured')
      .map(({ name, allowed }) => `${name} within ${allowed} of the baseline`),
  ];
}
