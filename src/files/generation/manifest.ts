import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ExtractSummary } from '../../generators/lines/line-fields.ts';
import { completeSettings, type WorldSettings } from '../../generators/world.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import type { FormedBlocksSettings } from './form-lines.ts';
import type { OutputNames, WrittenFile } from './line-output.ts';

/** The version of the manifest; it grows by fields, and changes number when one goes. */
const SCHEMA_VERSION = 2;

/**
 * What files hold and how to make them again, as JSON.
 *
 * The same settings give the same bytes: no time, no machine, no path, no number of threads.
 */
export async function manifestText(
  settings: WorldSettings,
  {
    form,
    format,
    foreign,
  }: Pick<OutputNames, 'form' | 'format'> & {
    readonly foreign: FormedBlocksSettings | undefined;
  },
  { count, firstAt, lastAt, frauds }: ExtractSummary,
  files: readonly WrittenFile[],
): Promise<string> {
  const manifest = snakeCased({
    schemaVersion: SCHEMA_VERSION,
    fraudstream: versionIn(new URL('../../../package.json', import.meta.url)),
    ...(!foreign && { transactionSchemaVersion: 2 }),
    world: completeSettings(settings),
    format: foreign?.contract.format ?? format,
    ...(foreign && { contract: await contractFacts(foreign) }),
    labels: form.labels,
    count,
    firstEventTime: instantText(firstAt),
    lastEventTime: instantText(lastAt),
    frauds: Object.values(frauds).reduce((sum, some) => sum + some, 0),
    fraudsByScenario: frauds,
    files: files.map(({ path, facts }) => ({ name: basename(path), ...facts })),
  });
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

async function contractFacts({ path }: FormedBlocksSettings): Promise<object> {
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return { name: basename(path), sha256 };
}

function versionIn(path: string | URL): string {
  return JSON.parse(readFileSync(path, 'utf8')).version;
}

function instantText(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
