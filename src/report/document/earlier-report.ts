import { isJsonObject } from '../../text/parse-json.ts';
import { REDACTED } from '../../text/secrets.ts';
import { qualities, qualitiesOfScored } from '../merge/merge-figures.ts';
import { type ReportDocument, SCHEMA_VERSION } from './report-document.ts';

/** Ratios, by the count in the same record that they are divided by. */
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

type JsonRecord = Readonly<Record<string, unknown>>;

/** Schema versions that can be read. */
export const READABLE_VERSIONS: readonly number[] = [1, SCHEMA_VERSION];

/**
 * Returns a report of any readable version in the current version.
 *
 * Version 1 had other names: `limits` for `thresholds`, `outcome.held` for `outcome.passed`. Early
 * releases also wrote 0 for what was not measured, which is null here, left frauds without a score
 * out of `quality`, where they count as missed, and wrote the values of headers and keys.
 */
export function currentVersionOf(document: JsonRecord): ReportDocument {
  const named = document.schema_version === 1 ? fromVersion1(document) : document;
  const report = withoutSecrets(withoutZeros(named) as ReportDocument);
  const { quality } = report;
  if (!quality?.scores || report.quality_of_scored) return report;
  const [whole, scored] = [qualities([quality]), qualitiesOfScored([quality])];
  return {
    ...report,
    ...(whole && { quality: whole }),
    ...(scored && { quality_of_scored: scored }),
  };
}

/** Sections that version 2 renamed. */
const renamedSections: Readonly<Record<string, string>> = {
  limits: 'thresholds',
  place: 'target',
  untold: 'findings_omitted',
};
/** Fields that version 2 renamed, by their section. */
const renamedFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  outcome: { held: 'passed' },
  pipeline: { place: 'location' },
  stream: { place: 'location' },
  endpoint: { place: 'location' },
  scoring: { held_back: 'admission_wait' },
  generator: { held_up_ms: 'blocked_ms' },
};

function fromVersion1(report: JsonRecord): JsonRecord {
  const sections = Object.entries(report).map(([name, section]) => {
    if (name === 'schema_version') return [name, SCHEMA_VERSION];
    if (name === 'limits') return ['thresholds', (section as JsonRecord[]).map(thresholdOf)];
    const fields = renamedFields[name];
    const isRenamed = fields !== undefined && isJsonObject(section);
    return [renamedSections[name] ?? name, isRenamed ? renamed(section, fields) : section];
  });
  return Object.fromEntries(sections);
}

function renamed(record: JsonRecord, names: Readonly<Record<string, string>>): JsonRecord {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [names[name] ?? name, value]),
  );
}

/** In version 1 `holds` was true for a failed threshold, and false for one that was not measured. */
function thresholdOf({ expression, holds, actual = null, told }: JsonRecord): JsonRecord {
  const condition = String(expression)
    .replace(/\bheld_back\b/, 'admission_wait')
    .replace(/\bheld_up\b/, 'blocked');
  const passed = actual === null && holds !== true ? null : holds !== true;
  return { condition, passed, actual, actual_text: told };
}

function withoutSecrets(report: ReportDocument): ReportDocument {
  const { configuration } = report;
  if (!Array.isArray(configuration)) return report;
  const shown = configuration.map((setting) => {
    const parts = String(setting.value).split(', ');
    if (setting.name === 'api-key')
      return { ...setting, value: parts.map(() => REDACTED).join(', ') };
    if (setting.name !== 'header') return setting;
    const headers = parts.map((header) => header.replace(/^([^:=]*[:=])?.*$/s, `$1${REDACTED}`));
    return { ...setting, value: headers.join(', ') };
  });
  return { ...report, configuration: shown };
}

function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isJsonObject) ? value.map(withoutZeros) : value;
  if (!isJsonObject(value)) return value;
  const empty = new Set(emptyFields(value));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      empty.has(key) && inner === 0 ? null : withoutZeros(inner),
    ]),
  );
}

/** Returns fields without a meaning: of a latency without samples all but its count. */
function emptyFields(record: Readonly<Record<string, unknown>>): readonly string[] {
  const isLatency = typeof record.histogram === 'string' && record.count === 0;
  return [
    ...(isLatency ? Object.keys(record).filter((key) => key.endsWith('_ms')) : []),
    ...Object.entries(ratios).flatMap(([whole, parts]) => (record[whole] === 0 ? parts : [])),
  ];
}
