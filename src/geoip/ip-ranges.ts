import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FraudstreamError } from '../errors.ts';
import { type AddressTable, addressTable } from './address-table.ts';
import type { IpSpace } from './ip-space.ts';

const files: Readonly<Record<IpSpace, string>> = {
  public: 'ip-ranges.bin',
  documentation: 'ip-ranges-documentation.bin',
};

/**
 * The table of IP ranges that comes with the package.
 *
 * Errors: throws `no-input` when the file is missing, `bad-data` when it is damaged.
 */
export function ipRanges(space: IpSpace = 'public'): AddressTable {
  const path = join(import.meta.dirname, '..', '..', 'assets', files[space]);
  return addressTable(bytesOf(path));
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const message = `The table of IP ranges cannot be read from ${path}. Install fraudstream again.`;
    throw new FraudstreamError('no-input', message, { cause });
  }
}
