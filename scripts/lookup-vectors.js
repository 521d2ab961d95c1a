/** Writes fixtures/addresses/lookups.ndjson: run by `npm run update:ip-ranges`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v4Text } from '../dist/generators/writing/digits.js';
import { ipRanges } from '../dist/geoip/ip-ranges.js';
import { startsOf } from '../dist/geoip/table-file.js';

const PER_FAMILY = 150;
const malformed = [
  '',
  '1.2.3',
  '01.2.3.4',
  '1.2.3.256',
  '1:2',
  '1::2::3',
  '12345::',
  'fe80::1%eth0',
];
const special = ['10.0.0.1', '::1', '::ffff:8.8.8.8', '2001:DB8::1', '2001:db8:0:0:0:0:192.0.2.1'];

const lines = ['public', 'documentation'].flatMap((space) => {
  const table = ipRanges(space);
  const addresses = [
    ...edges(startsOf(table.v4, 2 ** 16), 2 ** 32).map(v4Text),
    ...edges(startsOf(table.v6(), 2 ** 32), 2 ** 48).map(v6Text),
    ...malformed,
    ...special,
  ];
  return addresses.map((address) => {
    const { country = null, kind = null } = table.lookup(address) ?? {};
    return JSON.stringify({ space, address, country, kind });
  });
});
const path = join(import.meta.dirname, '..', 'fixtures', 'addresses', 'lookups.ndjson');
writeFileSync(path, `${lines.join('\n')}\n`);

/** The first and the last address of runs all over the space, and one in the middle. */
function edges(starts, end) {
  const step = Math.max(1, Math.floor(starts.length / (PER_FAMILY / 3)));
  const chosen = [...starts.keys()].filter((run) => run % step === 0 && starts[run] < end);
  return chosen.flatMap((run) => {
    const last = (starts[run + 1] ?? end) - 1;
    return [...new Set([starts[run], Math.floor((starts[run] + last) / 2), last])];
  });
}

function v6Text(network) {
  const low = network % 2 ** 32;
  const groups = [Math.floor(network / 2 ** 32), Math.floor(low / 65536), low % 65536];
  return `${groups.map((group) => group.toString(16)).join(':')}::1`;
}
