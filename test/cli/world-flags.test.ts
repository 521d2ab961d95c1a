import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inProcess } from '../support/in-process.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-world-'));
});
after(() => rm(folder, { recursive: true }));

/** How many frauds of each kind such a world has. */
async function frauds(...args: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const some = ['--seed', '3', '--count', '20000', '--fraud-rate', '10%', '--cards', '2k'];
  const { code, out, err } = await inProcess(['generate', ...some, '--labels', 'inline', ...args]);
  assert.equal(code, 0, err);
  const kinds: Record<string, number> = {};
  for (const [, kind = ''] of out.matchAll(/"fraud_scenario":"(\w+)"/g)) {
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

const shareOf = (kind: string, kinds: Readonly<Record<string, number>>): number =>
  (kinds[kind] ?? 0) / Object.values(kinds).reduce((sum, some) => sum + some, 0);

test('--scenario says how much of the fraud is of a kind, and others divide the rest', async () => {
  const kinds = await frauds('--scenario', 'cnp_stolen=0.6', '--scenario', 'friendly=0');
  const share = shareOf('cnp_stolen', kinds);
  assert.ok(share > 0.5 && share < 0.7, JSON.stringify(kinds));
  assert.equal(kinds.friendly, undefined);
  assert.ok(Object.keys(kinds).length > 5, JSON.stringify(kinds));
});

test('--fraud-rate real is the share that is published of life, a tenth of the default', async () => {
  const rateOf = async (rate: string): Promise<string> => {
    const args = [
      'generate',
      '--seed',
      '3',
      '--count',
      '10',
      '--fraud-rate',
      rate,
      '--print-config',
    ];
    const { code, out, err } = await inProcess(args);
    assert.equal(code, 0, err);
    return /"?fraud-rate"?:?\s+"?([^\s",]+)/.exec(out)?.[1] ?? out;
  };
  assert.equal(await rateOf('real'), 'real');
  const made = await inProcess([
    'generate',
    '--seed',
    '3',
    '--count',
    '10',
    '--fraud-rate',
    'rela',
  ]);
  assert.equal(made.code, 2);
  assert.match(made.err, /--fraud-rate.*rela.*"real" for 0.02%/s);
});

test('--world holds the numbers of fraud and of habits, and a flag has the last word', async () => {
  const file =
    'scenarios:\n  lost_stolen: { share: 1, least: 2, most: 2 }\nhabits:\n  travelling: 0\n';
  await writeFile(join(folder, 'world.yaml'), file);
  assert.deepEqual(Object.keys(await frauds('--world', join(folder, 'world.yaml'))), [
    'lost_stolen',
  ]);
  const both = [
    '--world',
    join(folder, 'world.yaml'),
    '--scenario',
    'lost_stolen=0.5',
    '--scenario',
    'friendly=0.5',
  ];
  assert.deepEqual(Object.keys(await frauds(...both)).sort(), ['friendly', 'lost_stolen']);
});

const refused: readonly (readonly [what: string, file: string, message: RegExp])[] = [
  [
    'a kind that is not known',
    'scenarios:\n  theft: { share: 1 }\n',
    /:2: scenarios\.theft is unknown: there are/,
  ],
  [
    'a number out of range',
    'scenarios:\n  friendly:\n    share: 2\n',
    /:2: scenarios\.friendly\.share is 2: give a number from 0 to 1/,
  ],
  [
    'a habit that is not known',
    '\nhabits:\n  singing: 0.1\n',
    /:3: habits\.singing is unknown: there are travelling/,
  ],
  [
    'what is no number',
    'habits:\n  travelling: often\n',
    /:2: travelling is "often": give a number/,
  ],
  [
    'shares of more than all',
    'scenarios:\n  friendly: { share: 0.7 }\n  bust_out: { share: 0.6 }\n',
    /:1: The shares of scenarios add up to 1\.3/,
  ],
  [
    'what has a flag',
    'cards: 10\n',
    /:1: unknown key "cards": a world file has scenarios and habits/,
  ],
];
for (const [what, file, message] of refused) {
  test(`in a world file ${what} is refused, with its place`, async () => {
    await writeFile(join(folder, 'bad.yaml'), file);
    const { code, err } = await inProcess(['generate', '--world', join(folder, 'bad.yaml')]);
    assert.equal(code, 78, err);
    assert.match(err, new RegExp(`bad\\.yaml${message.source}`));
  });
}

test('a kind of fraud that is not known is refused as a flag too', async () => {
  const { code, err } = await inProcess(['generate', '--scenario', 'theft=1']);
  assert.equal(code, 2, err);
  assert.match(err, /theft is unknown: there are/);
});

test('--start takes a date, which is its midnight UTC', async () => {
  const flags = ['generate', '--count', '20', '--seed', '3', '--start'];
  const date = await inProcess([...flags, '2026-03-01']);
  assert.equal(date.code, 0, date.err);
  assert.equal(date.out, (await inProcess([...flags, '2026-03-01T00:00:00Z'])).out);
});
