import { REDACTED } from '../../text/secrets.ts';
import { qualities, qualitiesOfScored } from '../merge/merge-figures.ts';
import type { ReportDocument } from './report-document.ts';

/** Figures that are ratios, by the count beside them of which they are. */
const ratios: Readonly<Record<string, readonly string[]>> = {
  kinesis_records: ['aggregation_ratio'],
  requests: [
    ...['entries_per_request', 'rows_per_request', 'in_flight_mean'],
    ...['limit_least', 'limit_most', 'limit_last'],
  ],
  duration_seconds: [
    ...['records_per_second', 'bytes_per_second', 'transactions_per_second'],
    'requests_per_second',
  ],
};

/**
 * A report of any version as this one would have written it.
 *
 * Earlier versions wrote 0 for what was not measured, which is null here, left frauds without a score
 * out of `quality`, where they count as missed, and wrote down the values of headers and keys.
 */
export function upToDate(document: ReportDocument): ReportDocument {
  const report = withoutSecrets(withoutZeros(document) as ReportDocument);
  const { quality } = report;
  if (!quality?.scores || report.quality_of_scored) return report;
  const [whole, scored] = [qualities([quality]), qualitiesOfScored([quality])];
  return {
    ...report,
    ...(whole && { quality: whole }),
    ...(scored && { quality_of_scored: scored }),
  };
}

function withoutSecrets(report: ReportDocument): ReportDocument {
  const { configuration } = report;
  if (!Array.isArray(configuration)) return report;
  const shown = configuration.map((setting) => {
    const parts = String(setting.value).split(', ');
    if (setting.name === 'api-key')
      return { ...setting, value: parts.map(() => REDACTED).join(', ') };
    if (setting.name !== 'header') return setting;
    const pairs = parts.map((pair) => pair.replace(/^([^:=]*[:=])?.*$/s, `$1${REDACTED}`));
    return { ...setting, value: pairs.join(', ') };
  });
  return { ...report, configuration: shown };
}

function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isRecord) ? value.map(withoutZeros) : value;
  if (!isRecord(value)) return value;
  const empty = new Set(emptyFields(value));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      empty.has(key) && inner === 0 ? null : withoutZeros(inner),
    ]),
  );
}

/** Fields of a record that say nothing: of a latency without a sample all but its count. */
function emptyFields(record: Readonly<Record<string, unknown>>): readonly string[] {
  const isLatency = typeof record.histogram === 'string' && record.count === 0;
  return [
    ...(isLatency ? Object.keys(record).filter((key) => key.endsWith('_ms')) : []),
    ...Object.entries(ratios).flatMap(([whole, parts]) => (record[whole] === 0 ? parts : [])),
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
