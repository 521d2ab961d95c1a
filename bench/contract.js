/**
 * Writes transactions in the form of a contract, against a template that asks faker for every field, and against the same calls in code.
 *
 * Run `npm run build && node bench/contract.js`: JSON on stdout, exit code 1 when a bound is broken.
 * The contract is nested JSON of 12 fields; `generatedPerSecond` is with the simulation that makes the transactions, `writtenPerSecond`
 * of the writer alone, `readPerSecond` back to transactions. The bound is on the template (`overFaker`); `overFakerCode` is against an object
 * of calls and `JSON.stringify`, which saves faker the parsing of the template. Tasks take turns in processes of their own; figures are medians.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractFile } from '../dist/files/contract-file.js';
import { transactions } from '../dist/generators/transactions.js';
import { formedRecords } from '../dist/generators/user-records.js';
import { world } from '../dist/generators/world.js';
import { alternating, atLeast, medians, publish, ratio, settings } from './support/benchmark.js';

const EVENTS = 1_500_000;
const FAKER_EVENTS = 30_000;
const bounds = { generatedPerSecond: 300_000, overFaker: 10 };

const CONTRACT = `
transactions:
  payload:
    eventId: $transaction_id
    ts: { field: event_time, as: epoch-milliseconds }
    card: { token: $card_id, bin: $pan_bin }
    amount: { field: amount, as: decimal }
    ccy: $currency
    ip: $source_ip
    channel: { field: channel, values: { ecom: WEB, pos: STORE } }
    merchant: { id: $merchant_id, mcc: $mcc }
    email: { faker: internet.email, per: card_id }
    category: { choose: { grocery: 6, electronics: 2, travel: 1 }, per: merchant_id }
    source: load-test
`;

const tasks = {
  generated: () => generated(),
  written: written,
  read: readBack,
  faker: fakerTemplate,
  fakerCode,
};
const given = settings({ runs: 3 }, { runs: 5 });
const [taskName] = process.argv.slice(2);
if (taskName in tasks) console.log(JSON.stringify(await tasks[taskName]()));
else await compare();

async function compare() {
  const sides = Object.fromEntries(Object.keys(tasks).map((name) => [name, () => measured(name)]));
  const perSecond = medians(await alternating(sides, given.runs));
  const names = {
    generated: 'generated and written',
    written: 'written',
    read: 'read back',
    faker: 'a template of faker',
    fakerCode: 'calls of faker and JSON.stringify',
  };
  const rows = Object.entries(names).map(([name, task]) => ({
    task,
    'a second': perSecond[name],
    'over the template': perSecond[name] / perSecond.faker,
  }));
  const overFaker = perSecond.generated / perSecond.faker;
  publish({
    settings: given,
    tables: [{ title: 'Payloads of 12 fields, for each second of a processor', rows }],
    ratios: [
      ratio('generated over a template of faker', overFaker),
      ratio('generated over calls of faker', perSecond.generated / perSecond.fakerCode),
    ],
    bounds: [
      atLeast('generated a second', perSecond.generated, bounds.generatedPerSecond),
      atLeast('over the template', overFaker, bounds.overFaker),
    ],
  });
}

function measured(name) {
  return JSON.parse(
    execFileSync(process.execPath, [import.meta.filename, name], { encoding: 'utf8' }),
  );
}

/** Events a second of CPU time of this process, in the second half of a run: the compiler has then seen the code. */
function perSecond(events, step) {
  let before = 0;
  let counted = 0;
  for (let done = 0; done < events; ) {
    if (before === 0 && done >= events / 2) {
      before = process.cpuUsage().user;
      counted = done;
    }
    done += step();
  }
  return (1e6 * (events - counted)) / (process.cpuUsage().user - before);
}

async function contract() {
  const folder = mkdtempSync(join(tmpdir(), 'contract-bench-'));
  const path = join(folder, 'contract.yaml');
  writeFileSync(path, CONTRACT);
  try {
    return (await contractFile(path)).transactions;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function generated() {
  const form = await contract();
  const write = form.writer(7);
  const keyOf = (transaction) => form.keyOf(transaction);
  const groups = formedRecords(await world({ seed: 7 }), { write, keyOf });
  return perSecond(EVENTS, () => groups.next().value.length);
}

async function some() {
  const list = [];
  for (const group of transactions(await world({ seed: 7 }))) {
    for (const { transaction } of group) list.push(transaction);
    if (list.length >= 20_000) return list;
  }
  return list;
}

async function written() {
  const write = (await contract()).writer(7);
  const list = (await some()).map((transaction) => [
    transaction,
    Date.parse(transaction.event_time),
  ]);
  return perSecond(EVENTS, () => {
    for (const [transaction, at] of list) write(transaction, at);
    return list.length;
  });
}

async function readBack() {
  const form = await contract();
  const write = form.writer(7);
  const list = (await some()).map((transaction) =>
    write(transaction, Date.parse(transaction.event_time)),
  );
  return perSecond(400_000, () => {
    for (const bytes of list) form.decode(bytes);
    return list.length;
  });
}

/** What a user of template tools writes: each field of the payload by a call of faker, in a template of text. */
async function fakerTemplate() {
  const { faker } = await import('@faker-js/faker/locale/en');
  const template = JSON.stringify({
    eventId: '{{string.alphanumeric(26)}}',
    ts: '{{date.recent}}',
    card: { token: '{{string.alphanumeric(16)}}', bin: '{{string.numeric(6)}}' },
    amount: '{{finance.amount}}',
    ccy: '{{finance.currencyCode}}',
    ip: '{{internet.ipv4}}',
    channel: '{{helpers.arrayElement(["WEB","STORE"])}}',
    merchant: { id: '{{string.alphanumeric(15)}}', mcc: '{{string.numeric(4)}}' },
    email: '{{internet.email}}',
    category: '{{helpers.arrayElement(["grocery","electronics","travel"])}}',
    source: 'load-test',
  }).replaceAll('\\"', '"');
  return perSecond(FAKER_EVENTS, () => {
    for (let index = 0; index < 1000; index += 1) Buffer.from(faker.helpers.fake(template));
    return 1000;
  });
}

/** The same, written as a program. */
async function fakerCode() {
  const { faker } = await import('@faker-js/faker/locale/en');
  const { string, finance, helpers } = faker;
  const payload = () => ({
    eventId: string.alphanumeric(26),
    ts: faker.date.recent(),
    card: { token: string.alphanumeric(16), bin: string.numeric(6) },
    amount: finance.amount(),
    ccy: finance.currencyCode(),
    ip: faker.internet.ipv4(),
    channel: helpers.arrayElement(['WEB', 'STORE']),
    merchant: { id: string.alphanumeric(15), mcc: string.numeric(4) },
    email: faker.internet.email(),
    category: helpers.arrayElement(['grocery', 'electronics', 'travel']),
    source: 'load-test',
  });
  return perSecond(FAKER_EVENTS, () => {
    for (let index = 0; index < 1000; index += 1) Buffer.from(JSON.stringify(payload()));
    return 1000;
  });
}
