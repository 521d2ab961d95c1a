import { utf8, values } from './odd-values.ts';

type Field = readonly [name: string, value: string];
type Mutation = (line: string, random: Random) => string;

/** Draws a whole number below `most`. */
export type Random = (most: number) => number;

/** Names beside those of the schema, and such as look like them. */
const names = [
  'x',
  '__proto__',
  'constructor',
  'toString',
  'is_fraud',
  'arrived_at',
  'Type',
  'typ',
  '',
];

/** What generators and recorders put behind a transaction, and what may come there besides. */
const tails: readonly (readonly Field[])[] = [
  [['arrived_at', '"2026-01-31T23:59:59.999Z"']],
  [['arrived_at', 'null']],
  [['arrived_at', '"2026-02-30T23:59:59.999Z"']],
  [
    ['is_fraud', 'false'],
    ['fraud_scenario', 'null'],
  ],
  [
    ['is_fraud', 'true'],
    ['fraud_scenario', '"card_testing"'],
    ['reported_at', '"2026-01-31T23:59:59.999Z"'],
  ],
  [
    ['is_fraud', 'false'],
    ['7', '1.50'],
  ],
  [
    ['is_fraud', 'false'],
    ['arrived_at', '"2026-01-31T23:59:59.999Z"'],
  ],
  [['is_fraud', '"no"']],
  [['campaign_id', '"c"']],
];

/** The fields of a line, each with the text of its value. */
export function fieldsOf(line: string): Field[] {
  const parsed = JSON.parse(line) as Record<string, unknown>;
  return Object.entries(parsed).map(([name, value]) => [name, utf8(JSON.stringify(value))]);
}

export const lineOf = (fields: readonly Field[]): string =>
  `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`;

/** What is done to a line by its fields; what comes before it may have left it no JSON, and then nothing is. */
const byField = (change: (fields: Field[], random: Random) => void): Mutation => {
  return (line, random) => {
    let fields: Field[];
    try {
      fields = fieldsOf(Buffer.from(line, 'latin1').toString('utf8'));
    } catch {
      return line;
    }
    change(fields, random);
    return lineOf(fields);
  };
};

const one = <T>(list: readonly T[], random: Random): T => list[random(list.length)] as T;
const spliced = (line: string, at: number, length: number, text: string): string =>
  line.slice(0, at) + text + line.slice(at + length);
const bytes = (count: number, random: Random): string =>
  String.fromCharCode(...Array.from({ length: count }, () => random(256)));

const mutations: readonly Mutation[] = [
  (line) => line,
  (line, random) => spliced(line, random(line.length), 1, bytes(1, random)),
  (line, random) => spliced(line, random(line.length), 0, bytes(1 + random(3), random)),
  (line, random) => spliced(line, random(line.length), 1 + random(3), ''),
  (line, random) => spliced(line, random(line.length), 1, one([...'{}[]",:\\ 0-.eE\t\0'], random)),
  (line, random) => line.slice(0, random(line.length)),
  (line, random) => line + one(['}', ',', ' ', '\t', '\r', '{}', '\0', 'null'], random),
  (line, random) => one([' ', '\ufeff', '[', '{'], random).replace('\ufeff', '\xef\xbb\xbf') + line,
  (line, random) => line.replace(one(['"', ':', ',', '}'], random), (sign) => ` ${sign}`),
  (line, random) => line.replaceAll(one([':', ',', '}'], random), (sign) => `${sign} `),
  (line) => line.replace('}', ',}'),
  (line, random) =>
    line.replace(
      one(['type', 'mcc', 'card_id'], random),
      (name) => `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`,
    ),
  byField((fields, random) => {
    const [name = ''] = fields[random(fields.length)] ?? [];
    fields[random(fields.length)] = [name, one(values, random)];
  }),
  byField((fields, random) => {
    const at = random(fields.length);
    fields[at] = [fields[at]?.[0] ?? '', one(values, random)];
  }),
  byField((fields, random) => fields.splice(random(fields.length), 1 + random(3))),
  byField((fields, random) => fields.splice(random(fields.length), 0, one(fields, random))),
  byField((fields, random) => fields.push([one(fields, random)[0], one(values, random)])),
  byField((fields, random) =>
    fields.splice(random(fields.length + 1), 0, [one(names, random), one(values, random)]),
  ),
  byField((fields, random) => fields.push(...fields.splice(random(fields.length), 1))),
  byField((fields, random) => fields.push(...one(tails, random))),
  byField((fields, random) => fields.sort(() => random(3) - 1)),
];

/** The line, its bytes as latin1, with one to three things done to it, or nothing. */
export function mutated(line: string, random: Random): string {
  let changed = line;
  for (let times = 1 + random(3); times > 0; times -= 1) {
    changed = one(mutations, random)(changed, random);
  }
  return changed;
}
