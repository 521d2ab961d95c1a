import { parseAddress, V6 } from './parse-address.ts';
import { type Runs, readTableFile, runOf, type TableFile } from './table-file.ts';

/** Who uses an address: it decides what a fraud system can conclude from it. */
export const addressKinds = { consumer: 0, mobile: 1, hosting: 2, anonymiser: 3 } as const;
export type AddressKind = (typeof addressKinds)[keyof typeof addressKinds];

/** What is known of an address: the country it is registered in (ISO 3166-1 alpha-2), and its kind. */
export interface Network {
  readonly country: string;
  readonly kind: AddressKind;
}

/** Who has which addresses, as of a date. */
export interface AddressTable extends TableFile {
  /** The network of an address as text; nothing for a text that is none, or an address nobody has. */
  lookup(text: string): Network | undefined;
  /** The same for the number of an address, as `parseAddress` makes it. */
  lookupNumber(address: number): Network | undefined;
}

const KINDS = Object.values(addressKinds).length;
const V4_BUCKET = 2 ** 16;
const V6_BUCKET = 2 ** 32;

/**
 * A table of addresses from the bytes of a table file.
 *
 * Errors: throws `bad-data` for a file that is damaged or of another version.
 */
export function addressTable(bytes: Uint8Array): AddressTable {
  const file = readTableFile(bytes);
  const networks = networksOf(file.countries);
  const networkAt = ({ countries, kinds }: Runs, run: number): Network | undefined =>
    networks[(countries[run] as number) * KINDS + (kinds[run] as number)];
  const lookupNumber = (address: number): Network | undefined => {
    if (address < V4_BUCKET * V4_BUCKET) {
      return networkAt(file.v4, runOf(file.v4, address >>> 16, address & 0xffff));
    }
    if (Number.isNaN(address)) return undefined;
    const bucket = Math.floor((address - V6) / V6_BUCKET);
    const v6 = file.v6();
    return networkAt(v6, runOf(v6, bucket, address % V6_BUCKET));
  };
  return { ...file, lookupNumber, lookup: (text) => lookupNumber(parseAddress(text)) };
}

/** The network of each country and kind; those of country 0 are nobody's. */
function networksOf(countries: readonly string[]): readonly (Network | undefined)[] {
  const kinds: readonly AddressKind[] = Object.values(addressKinds);
  const networks: (Network | undefined)[] = kinds.map(() => undefined);
  for (const country of countries) {
    for (const kind of kinds) networks.push({ country, kind });
  }
  return networks;
}
