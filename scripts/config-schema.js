/**
 * Prints the JSON Schema of fraudstream.yaml, made of the settings tables: `npm run update:golden` writes
 * fixtures/schema/config.schema.json. Editors complete and check the file with it.
 */

import { isFlag, nameOf, writtenTexts } from '../dist/cli/settings/define-setting.js';
import { commands } from '../dist/commands/all-commands.js';

const scalar = { type: ['string', 'number', 'boolean'] };

/** What a value of a flag can be in YAML. */
function shapeOf({ takes, choices }) {
  if (takes === 'nothing') return { type: 'boolean' };
  if (choices && takes !== 'many') return { enum: choices };
  if (takes !== 'many') return scalar;
  const item = choices ? { enum: choices } : scalar;
  const pairs = { type: 'object', additionalProperties: scalar };
  return { anyOf: [item, { type: 'array', items: item }, pairs] };
}

function property(setting) {
  const texts = writtenTexts(setting);
  const otherwise = texts?.length === 1 ? `; default: ${texts[0]}` : '';
  return { description: `${setting.meaning}${otherwise}`, ...shapeOf(setting.parser) };
}

/** A flag that commands read in different ways has all of them. */
function merged(one, other) {
  if (one === undefined || JSON.stringify(one) === JSON.stringify(other)) return other;
  const { description, ...first } = one;
  const { description: _, ...second } = other;
  if (JSON.stringify(first) === JSON.stringify(second)) return one;
  return { description, anyOf: [...(first.anyOf ?? [first]), second] };
}

function propertiesOf({ settings }) {
  const flags = Object.values(settings).filter(isFlag);
  return Object.fromEntries(flags.map((setting) => [nameOf(setting), property(setting)]));
}

const flags = {};
for (const command of commands) {
  for (const [name, value] of Object.entries(propertiesOf(command)))
    flags[name] = merged(flags[name], value);
}
const top = referencesTo(flags);
for (const command of commands) {
  const { name, summary } = command;
  const properties = referencesTo(propertiesOf(command));
  if (Object.keys(properties).length === 0) continue;
  const section = { description: summary, type: 'object', properties, additionalProperties: false };
  top[name] = top[name] ? { anyOf: [top[name], section] } : section;
}

/** Values that are those of most commands are stated once. */
function referencesTo(properties) {
  const entries = Object.entries(properties).map(([name, value]) => {
    const isShared = JSON.stringify(value) === JSON.stringify(flags[name]);
    return [name, isShared ? { $ref: `#/$defs/${name}` } : value];
  });
  return Object.fromEntries(entries);
}

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:fraudstream:schema:config',
  title: 'fraudstream config file',
  description:
    'fraudstream.yaml: flags without their dashes, on the top level for every command, or in the section of one.',
  type: 'object',
  properties: { $schema: { type: 'string' }, ...top },
  additionalProperties: false,
  $defs: flags,
};
process.stdout.write(`${written(schema, 2)}\n`);

/** JSON with a line for each property down to this depth. */
function written(value, depth, indent = '') {
  if (depth < 0 || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(
    ([key, one]) => `${inner}${JSON.stringify(key)}: ${written(one, depth - 1, inner)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
