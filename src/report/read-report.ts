import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FraudstreamError, readFailureOf } from '../errors.ts';
import { isHistogram } from '../metrics/latency.ts';
import { isJsonObject, parseJson } from '../text/parse-json.ts';
import { currentVersionOf, READABLE_VERSIONS } from './document/earlier-report.ts';
import type { ReportDocument } from './document/report-document.ts';

const SCHEMA_PATH = join(
  import.meta.dirname,
  ...['..', '..', 'fixtures', 'schema', 'report.schema.json'],
);

/**
 * Reads a report from a file and returns it in the current schema version.
 *
 * Errors: `no-input` if the file cannot be read, `bad-data` if it is no report, is damaged, or has a
 * schema version that this fraudstream does not read.
 */
export async function readDocument(
  path: string,
  read: (path: string, encoding: 'utf8') => Promise<string>,
): Promise<ReportDocument> {
  const text = await read(path, 'utf8').catch((cause: unknown) => {
    const reason = readFailureOf(cause);
    throw new FraudstreamError(
      'no-input',
      `The report ${path} cannot be read: ${reason}. Check the path; a run writes it with --report ${path}.`,
      {
        cause,
      },
    );
  });
  const value = parsed(text, path);
  const { schema_version: version, command } = value as Partial<ReportDocument>;
  if (typeof command !== 'string' || version === undefined) {
    throw new FraudstreamError(
      'bad-data',
      `${path} is not a report: "schema_version" or "command" is missing. Give a file that --report x.json wrote.`,
    );
  }
  if (!READABLE_VERSIONS.includes(version)) {
    throw new FraudstreamError(
      'bad-data',
      `${path}: schema_version ${JSON.stringify(version)} cannot be read. This fraudstream reads ${READABLE_VERSIONS.join(' and ')}.`,
    );
  }
  checkHistograms(value, path, '');
  const document = currentVersionOf({ ...value });
  await checkSchema(document, path);
  return document;
}

/** Keywords of a JSON Schema, as far as this file reads them. */
type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * Checks the types of a report by its JSON Schema; fields may be absent, as in reports of earlier versions.
 *
 * Errors: `bad-data` that names the field.
 */
async function checkSchema(document: ReportDocument, path: string): Promise<void> {
  validator ??= compiledSchema();
  const isValid = await validator;
  if (isValid(document)) return;
  const [{ instancePath = '', message = 'is not as in the schema' } = {}] = isValid.errors ?? [];
  const field = instancePath.slice(1).replaceAll('/', '.') || 'the report';
  throw new FraudstreamError(
    'bad-data',
    `${path}: ${field} ${message}. Give a file that --report x.json wrote.`,
  );
}

/** Compiled once: that takes longer than checking a report. */
let validator: ReturnType<typeof compiledSchema> | undefined;

async function compiledSchema() {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const text = await readFile(SCHEMA_PATH, 'utf8');
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return ajv.compile(typesOf(JSON.parse(text)) as JsonSchema);
}

/** Keywords that say which values a version of the schema knows: another version may know more. */
const ofOneVersion: readonly string[] = ['required', 'enum', 'const', 'pattern', 'minimum'];

/** The same schema, with types and shapes alone. */
function typesOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(typesOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]) => {
      const isName = typeof value === 'object' && !Array.isArray(value);
      return ofOneVersion.includes(keyword) && !isName ? [] : [[keyword, typesOf(value)]];
    }),
  );
}

/** Merging and charts need the histograms: a damaged one is an error that names its field. */
function checkHistograms(value: object, path: string, at: string): void {
  for (const [key, inner] of Object.entries(value)) {
    const field = at === '' ? key : `${at}.${key}`;
    if (key === 'histogram' && !isHistogram(inner)) {
      throw new FraudstreamError('bad-data', `${path}: ${field} is no HdrHistogram in base64.`);
    }
    if (typeof inner === 'object' && inner !== null) checkHistograms(inner, path, field);
  }
}

function parsed(text: string, path: string): object {
  try {
    const value: unknown = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    const reason = readFailureOf(cause);
    throw new FraudstreamError('bad-data', `${path} is not JSON: ${reason}.`, { cause });
  }
  throw new FraudstreamError('bad-data', `${path} is not a report: it is not a JSON object.`);
}
