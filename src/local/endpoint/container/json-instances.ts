import { parseJson } from '../../../records/parse-json.ts';
import { unfit, unparsable } from './container-fault.ts';
import type { Table, TableRoom } from './table.ts';

/**
 * Rows of `{"instances":[{"features":[0.5,null]}]}`, or of plain arrays in `instances`; null is NaN.
 *
 * Errors: `ContainerFault` 415 for what is no such JSON, 400 for rows of different lengths.
 */
export function readJsonInstances(body: Uint8Array, room: TableRoom): Table {
  const rows = instancesOf(body).map(featuresOf);
  const width = rows[0]?.length ?? 0;
  const values = room.ofAtLeast(rows.length * width);
  for (const [row, features] of rows.entries()) {
    if (features.length !== width) throw unfit(`${features.length} features after ${width}.`);
    for (const [index, value] of features.entries()) {
      if (value !== null && typeof value !== 'number') {
        throw unparsable(`Feature ${index} of instance ${row} is neither a number nor null.`);
      }
      values[row * width + index] = value ?? Number.NaN;
    }
  }
  return { values, rows: rows.length, width };
}

function instancesOf(body: Uint8Array): readonly unknown[] {
  const parsed = json(body);
  const { instances } = Object(parsed) as { readonly instances?: unknown };
  if (Array.isArray(instances) && instances.length > 0) return instances;
  throw unparsable('Send {"instances":[{"features":[0.5,null]}]}.');
}

function json(body: Uint8Array): unknown {
  try {
    return parseJson(Buffer.from(body).toString('utf8'));
  } catch {
    throw unparsable('The body is not JSON.');
  }
}

function featuresOf(instance: unknown, row: number): readonly unknown[] {
  const { features } = Object(instance) as { readonly features?: unknown };
  const found = Array.isArray(instance) ? instance : features;
  if (Array.isArray(found)) return found;
  throw unparsable(`Instance ${row} has no list of features.`);
}
