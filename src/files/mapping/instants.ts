import { DateTime, IANAZone } from 'luxon';
import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Mapping } from './definition.ts';

/** An instant in epoch milliseconds from what stood in the file; `undefined` when it is none. */
export type ReadInstant = (value: unknown) => number | undefined;

const unitMs: Readonly<Record<string, number>> = {
  'epoch-seconds': 1000,
  'epoch-milliseconds': 1,
  'epoch-microseconds': 0.001,
};

/** Reads instants as a mapping has them. Errors: `bad-config` for a time zone that is none. */
export function instants({ timeFormat, zone }: Pick<Mapping, 'timeFormat' | 'zone'>): ReadInstant {
  if (!IANAZone.isValidZone(zone)) {
    const message = `The mapping's time zone "${zone}" is unknown: give one such as Europe/Berlin.`;
    throw new FraudstreamError('bad-config', message);
  }
  const unit = unitMs[timeFormat];
  if (unit !== undefined) return (value) => epochMs(value, unit);
  if (timeFormat === 'iso') return (value) => isoMs(value, zone);
  return (value) => known(DateTime.fromFormat(String(value), timeFormat, { zone }).toMillis());
}

function epochMs(value: unknown, unit: number): number | undefined {
  const text = String(value).trim();
  return text === '' ? undefined : known(Math.round(Number(text) * unit));
}

function isoMs(value: unknown, zone: string): number | undefined {
  const text = String(value).trim();
  // Most files write UTC, and for that no library is needed.
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text)) return known(Date.parse(text));
  return known(DateTime.fromISO(text.replace(' ', 'T'), { zone }).toMillis());
}

function known(epoch: number): number | undefined {
  return Number.isNaN(epoch) ? undefined : epoch;
}
