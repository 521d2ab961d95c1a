/**
 * Writes dist/man/: a page for `fraudstream`, and one for each command, made of the settings tables.
 *
 * Part of `npm run build`. npm installs the pages that package.json lists under "man".
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allSettings } from '../dist/cli/command.js';
import { isFlag, variableOf, writtenTexts } from '../dist/cli/settings/define-setting.js';
import { commands } from '../dist/commands/all-commands.js';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'dist', 'man');
const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

mkdirSync(folder, { recursive: true });
write('fraudstream', overview());
for (const command of commands) write(`fraudstream-${command.name}`, pageOf(command));

function write(name, lines) {
  const heading = `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 "" "fraudstream ${version}"`;
  writeFileSync(join(folder, `${name}.1`), `${[heading, '.ad l', '.nh', ...lines].join('\n')}\n`);
}

function overview() {
  return [
    ...section('NAME', `fraudstream \\- ${escaped('load-test real-time fraud pipelines')}`),
    ...section('SYNOPSIS', '.B fraudstream', '.I command', '[options]'),
    ...section('DESCRIPTION', escaped(description)),
    ...section('COMMANDS', ...commands.flatMap(({ name, summary }) => item(bold(name), summary))),
    ...section(
      'SETTINGS',
      escaped(
        'The first of these that is set wins: the flag, FRAUDSTREAM_<FLAG>, the variables of AWS, ' +
          'fraudstream.yaml in the working directory, the default. --print-config prints all of them.',
      ),
    ),
    ...seeAlso(commands.map(({ name }) => name)),
  ];
}

function pageOf(command) {
  const { name, summary, description: about = `${summary}.`, examples } = command;
  const settings = Object.values(allSettings(command));
  const positional = settings.filter((setting) => !isFlag(setting)).map(({ flags }) => flags);
  const groups = [...new Set(settings.filter(isFlag).map(groupOf))];
  const options = groups.flatMap((group) => [
    `.SS ${escaped(group)}`,
    ...settings.filter((one) => isFlag(one) && groupOf(one) === group).flatMap(option),
  ]);
  const lines = examples.flatMap(({ does, line }) => [
    '.PP',
    escaped(`${does}:`),
    '.PP',
    '.RS 4',
    '.nf',
    escaped(line),
    '.fi',
    '.RE',
  ]);
  return [
    ...section('NAME', `fraudstream\\-${name} \\- ${escaped(summary)}`),
    ...section(
      'SYNOPSIS',
      `.B fraudstream ${name}`,
      escaped(['[options]', ...positional].join(' ')),
    ),
    ...section('DESCRIPTION', escaped(about)),
    ...section('OPTIONS', ...options),
    ...section('EXAMPLES', ...lines),
    ...seeAlso([]),
  ];
}

function groupOf({ group = 'Options:' }) {
  return group.replace(/:$/, '');
}

function option(setting) {
  const { flags, meaning, parser, environment } = setting;
  const written = writtenTexts(setting) ?? [];
  const notes = [
    parser.choices && `one of ${parser.choices.join(', ')}`,
    written.length > 0 && `default: ${written.join(', ')}`,
    `environment: ${[variableOf(setting), ...environment].join(', ')}`,
  ].filter(Boolean);
  return item(bold(flags), `${meaning} (${notes.join('; ')})`);
}

function seeAlso(names) {
  const pages = ['fraudstream', ...names.map((name) => `fraudstream-${name}`)];
  const others = names.length > 0 ? pages.slice(1) : pages;
  return section('SEE ALSO', others.map((page) => `\\fB${escaped(page)}\\fR(1)`).join(', '));
}

function section(title, ...lines) {
  return [`.SH ${title}`, ...lines];
}

function item(tag, text) {
  return ['.TP', tag, escaped(text)];
}

function bold(text) {
  return `\\fB${escaped(text)}\\fR`;
}

/** roff takes a backslash, a hyphen, and a dot or quote that begins a line for its own. */
function escaped(text) {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
}
