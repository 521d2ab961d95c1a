/**
 * Writes assets/ip-ranges.bin and assets/ip-ranges-documentation.bin, or into the folder given.
 *
 * Run `npm run build` first. The sources are 80 MB that nobody but this script needs, so they are
 * no dependency: it says how to install them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from './ip-table/classes.js';
import { documentationRanges } from './ip-table/documentation.js';
import { networkOfV4, networkOfV6 } from './ip-table/networks.js';
import { merged, overlaid, rangesOf, without } from './ip-table/ranges.js';
import { reservedV4, reservedV6 } from './ip-table/reserved.js';
import { tableFile } from './ip-table/table-file.js';

const VERSION = '2.3.2026061719';
const packages = ['@ip-location-db/asn-country', '@ip-location-db/asn'];
const root = join(import.meta.dirname, '..');
const folder = process.argv[2] ?? join(root, 'assets');

if (packages.every(isInstalled)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ip-ranges.bin'), publicTable());
  writeFileSync(join(folder, 'ip-ranges-documentation.bin'), documentationTable());
} else {
  const wanted = packages.map((name) => `${name}@${VERSION}`).join(' ');
  console.error(`The sources are missing. Run: npm install --no-save ${wanted}`);
  process.exitCode = 66;
}

function publicTable() {
  const table = (family, networkOf, reserved) => {
    const countries = rangesOf(csv('asn-country', family), networkOf, (code) => code);
    const kinds = rangesOf(csv('asn', family), networkOf, kindOfRow);
    return merged(overlaid(without(countries, reserved), kinds));
  };
  return tableFile({
    date: VERSION.slice(4, 12),
    sources: packages.map((name) => `${name} ${VERSION}`).join(', '),
    v4Length: 24,
    v6Length: 48,
    v4: table('ipv4', networkOfV4, reservedV4),
    v6: table('ipv6', networkOfV6, reservedV6),
  });
}

function documentationTable() {
  const sources = 'made-up owners of the networks of RFC 5737 and RFC 3849';
  return tableFile({ date: VERSION.slice(4, 12), sources, ...documentationRanges() });
}

/** A row ends with the number of the autonomous system and its name, quoted where it has a comma. */
function kindOfRow(rest) {
  const comma = rest.indexOf(',');
  return kindOf(rest.slice(0, comma), rest.slice(comma + 1));
}

function csv(name, family) {
  return join(root, 'node_modules', '@ip-location-db', name, `${name}-${family}.csv`);
}

function isInstalled(name) {
  try {
    const path = join(root, 'node_modules', name, 'package.json');
    return JSON.parse(readFileSync(path, 'utf8')).version === VERSION;
  } catch {
    return false; // Not there, or cut off: it has to be installed.
  }
}
