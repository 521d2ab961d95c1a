/**
 * Writes fixtures/transactions/: run by `npm run update:fixtures`.
 *
 * Each fixture is the world of the first seed in which it is what its name says, so that it stays so when
 * the generator changes. The README tells the commands; test/shipped-fixtures.test.ts runs them and compares.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = 'fixtures/transactions';
const MOST_SEEDS = 2000;
const MINUTE_MS = 60_000;

const fixtures = [
  {
    name: 'quiet-hour',
    about:
      'an hour before dawn in the United States: few cards awake, nothing wrong. A detector that cries here cries wolf',
    flags:
      '--days 0.0416666667 --start 2026-01-06T09:00:00Z --countries US --cards 5k --merchants 500 --fraud-rate 0%',
    isSo: (all) => all.length >= 20 && all.length <= 40,
  },
  {
    name: 'card-testing',
    about:
      'an evening hour with a burst in it: a list of card numbers tried at shops within minutes, most of them declined',
    flags:
      '--days 0.04 --start 2026-01-06T18:00:00Z --cards 800 --merchants 100 --fraud-rate 30% --scenario card_testing=100%',
    isSo: (all) => {
      const frauds = all.filter(isFraud);
      const genuine = all.length - frauds.length;
      const isBurst = frauds.length >= 20 && spanMs(frauds) <= 10 * MINUTE_MS;
      const declined = frauds.filter((each) => each.response_code !== '00').length;
      if (declined <= frauds.length / 2) return false;
      return isBurst && isOneCampaign(frauds) && genuine >= 30 && all.length <= 100;
    },
  },
  {
    name: 'account-takeover',
    about:
      'three days of twenty cards, one of which falls into other hands: from addresses that it never had, with the right answers. Its honest past is in the file',
    flags:
      '--days 3 --start 2026-01-06T00:00:00Z --cards 20 --merchants 100 --fraud-rate 5% --scenario account_takeover=100%',
    isSo: (all) => {
      const frauds = all.filter(isFraud);
      const [first] = frauds;
      const before = all.filter(
        (each) => each.card_id === first?.card_id && each.event_time < first.event_time,
      );
      const isWhole = frauds.length >= 4 && isOneCampaign(frauds) && before.length >= 3;
      const known = new Set(before.map((each) => each.source_ip));
      const isNew = frauds.every((each) => each.source_ip && !known.has(each.source_ip));
      return isWhole && isNew && all.length <= 110;
    },
  },
  {
    name: 'day',
    about: 'a day of eighty cards, with frauds of several kinds among them',
    flags: '--days 1 --start 2026-01-06T00:00:00Z --cards 80 --merchants 100 --fraud-rate 5%',
    isSo: (all) => {
      const frauds = all.filter(isFraud);
      const kinds = new Set(frauds.map((each) => each.fraud_scenario));
      return kinds.size >= 3 && frauds.length >= 8 && frauds.length <= 15 && all.length <= 145;
    },
  },
];

const isFraud = (transaction) => transaction.is_fraud;
const isOneCampaign = (frauds) => new Set(frauds.map((each) => each.campaign_id)).size === 1;
const spanMs = (all) => Date.parse(all.at(-1)?.event_time) - Date.parse(all[0]?.event_time);

/** Worlds of one seed share transaction ids: each fixture has its own. */
const used = new Set();
// The longest one, the last, has the first choice.
const seeds = fixtures.toReversed().map(firstSeed).toReversed();
const chapters = fixtures.map((fixture, index) => {
  const seed = seeds[index];
  const command = `fraudstream generate --seed ${seed} ${fixture.flags} --ip-space documentation --labels sidecar --manifest none --out ${folder}/${fixture.name}.ndjson`;
  run(command.split(' ').slice(1));
  return chapter(fixture, command);
});
writeFileSync(join(root, folder, 'README.md'), `${[introduction(), ...chapters].join('\n\n')}\n`);

function firstSeed({ name, flags, isSo }) {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const args = `generate --seed ${seed} ${flags} --ip-space documentation --labels inline`;
    if (!used.has(seed) && isSo(parsed(run(args.split(' '))))) {
      used.add(seed);
      return seed;
    }
  }
  throw new Error(`No seed up to ${MOST_SEEDS} makes a world that is "${name}": change its flags.`);
}

function run(args) {
  const program = join(root, 'bin', 'fraudstream');
  return execFileSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function parsed(text) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function introduction() {
  return `# Transactions to replay

Small worlds to read, to replay and to test a pipeline with: one transaction a line (\`../schema/transaction.schema.json\`), by event
time, the truth beside it in \`<name>.labels.ndjson\` (\`../schema/label.schema.json\`). Source addresses are those set aside for
documentation (RFC 5737, RFC 3849): nobody's.

    npx fraudstream validate ${folder}/day.ndjson
    npx fraudstream replay ${folder}/day.ndjson --local --speed 1000x

\`npm run update:fixtures\` writes all of it; \`test/shipped-fixtures.test.ts\` runs the commands below and compares byte for byte.`;
}

function chapter({ name, about }, command) {
  const all = parsed(readFileSync(join(root, folder, `${name}.ndjson`), 'utf8'));
  const labels = parsed(readFileSync(join(root, folder, `${name}.labels.ndjson`), 'utf8'));
  const frauds = labels.filter(isFraud);
  const kinds = [...new Set(frauds.map((each) => each.fraud_scenario))].sort();
  const cards = new Set(all.map((each) => each.card_id)).size;
  const truth = frauds.length === 0 ? 'no fraud' : `${frauds.length} frauds: ${kinds.join(', ')}`;
  const capital = about.charAt(0).toUpperCase() + about.slice(1);
  return `## ${name}.ndjson

${capital}.

${all.length} transactions of ${cards} cards, ${all[0].event_time} to ${all.at(-1).event_time}; ${truth}.

    ${command}`;
}
