/**
 * Copies transactions (NDJSON) from stdin to stdout with `ip_country` and `ip_class` of their `source_ip`
 * behind the other fields, null where there is no address: what test/python/realism judges.
 */
import { createInterface } from 'node:readline';
import { ipRanges } from '../dist/geoip/ip-ranges.js';

const ranges = ipRanges();
let block = '';
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const address = /"source_ip":"([^"]+)"/.exec(line)?.[1];
  const found = address === undefined ? undefined : ranges.lookup(address);
  const country = JSON.stringify(found?.country ?? null);
  const kind = JSON.stringify(found?.kind ?? null);
  block += `${line.slice(0, -1)},"ip_country":${country},"ip_class":${kind}}\n`;
  if (block.length < 1 << 20) continue;
  if (!process.stdout.write(block)) await new Promise((go) => process.stdout.once('drain', go));
  block = '';
}
process.stdout.write(block);
