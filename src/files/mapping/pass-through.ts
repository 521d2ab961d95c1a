import { NumberText } from '../../contract/values/number-text.ts';
import { parsePointer, readAt } from '../../contract/values/pointer.ts';
import type { InputRow } from '../reading/row.ts';
import { type Mapping, mappedFields } from './mapping.ts';

const truthOf = ['is_fraud', 'fraud_scenario', 'campaign_id', 'reported_at'];
const reserved = new Set([...mappedFields, 'schema_version']);

/**
 * The columns of a row that are sent as they stand: members of a JSON object without its braces, empty for none.
 *
 * Never among them: what the truth is read from, and names of our own fields.
 */
export function passedThrough({ passThrough, columns }: Mapping): (row: InputRow) => string {
  if (passThrough.length === 0) return () => '';
  const secret = new Set(truthOf.flatMap((field) => columns[field]?.from ?? []).flatMap(outermost));
  const isOpen = (name: string): boolean => !secret.has(name) && !reserved.has(name);
  const names = passThrough === 'all' ? undefined : passThrough.filter(isOpen);
  return (row) => {
    const value = row.value as Readonly<Record<string, unknown>>;
    const members: string[] = [];
    for (const name of names ?? Object.keys(value).filter(isOpen)) {
      const found = names ? readAt(parsePointer(name), value) : value[name];
      if (found !== undefined) members.push(`${JSON.stringify(name)}:${jsonOf(found)}`);
    }
    return members.join(',');
  };
}

/** The names under which a pointer can begin. */
function outermost(text: string): readonly string[] {
  const { steps, isDotted } = parsePointer(text);
  return isDotted ? [text, steps[0] as string] : steps.slice(0, 1);
}

/** JSON with numbers as they were written. */
function jsonOf(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  const members = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}:${jsonOf(inner)}`,
  );
  return `{${members.join(',')}}`;
}
