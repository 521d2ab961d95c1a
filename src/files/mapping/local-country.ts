import { FraudstreamError } from '../../errors.ts';
import { manifest } from '../../features/manifest.ts';
import type { Mapping } from './mapping.ts';

/** What a runtime knows of the time zones of a region: a property first, a method since. */
type ZonedLocale = Intl.Locale & {
  readonly timeZones?: readonly string[];
  getTimeZones?(): readonly string[];
};

/**
 * The mapping with a `card_country` where it names none: that of `local-time-zone`, by whose offset features tell the hour.
 *
 * Errors: `bad-config` for a zone of no country that has an offset in the features.
 */
export function withLocalCountry(mapping: Mapping): Mapping {
  const { localTimeZone: zone, columns, constants } = mapping;
  if (zone === undefined || 'card_country' in columns || 'card_country' in constants)
    return mapping;
  const country = Object.keys(manifest.utc_offset_minutes).find((code) =>
    zonesOf(code).includes(zone),
  );
  if (country !== undefined) {
    return { ...mapping, constants: { ...constants, card_country: country } };
  }
  const message = `The mapping's local-time-zone "${zone}" belongs to no country whose offset the features know: set card_country instead.`;
  throw new FraudstreamError('bad-config', message);
}

function zonesOf(country: string): readonly string[] {
  const locale: ZonedLocale = new Intl.Locale(`und-${country}`);
  return locale.timeZones ?? locale.getTimeZones?.() ?? [];
}
