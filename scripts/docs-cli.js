/** Prints docs/cli.md, made of the settings tables: `npm run docs:cli` puts it in its place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allSettings } from '../dist/cli/command.js';
import { flagOf, isFlag, variableOf, writtenTexts } from '../dist/cli/settings/define-setting.js';
import { commands } from '../dist/commands/all-commands.js';
import { exitCodes } from '../dist/exit-codes.js';

const example = readFileSync(
  join(import.meta.dirname, '..', 'fixtures', 'config', 'fraudstream.yaml'),
  'utf8',
);

const meanings = {
  ok: 'all passed',
  bug: 'a bug in fraudstream: please report it',
  usage: 'the command line cannot be understood, or a file it names cannot be written',
  badData: 'bad input data',
  noInput: 'the input was not found',
  unreachable: 'the stream was not found or cannot be reached, or stdout cannot be written',
  undelivered: 'finished, but some records were not delivered after retries, or did not come back',
  noPermission: 'no credentials, or no permission',
  badConfig: 'a bad config file, or a bad environment variable',
  thresholdCrossed: 'a threshold was crossed',
  interrupted: 'stopped by Ctrl-C (SIGINT), after the drain and the report',
  terminated: 'stopped by SIGTERM or SIGHUP, after the drain and the report',
};

console.log(
  [
    '<!-- Written by `npm run docs:cli` from the settings tables in src/commands/. Do not edit. -->',
    '# The command line',
    ...overview(),
    ...commands.flatMap(chapter),
    ...settingsChapter(),
    ...exitCodesChapter(),
  ].join('\n\n'),
);

function overview() {
  const rows = commands.map(({ name, summary }) => [`[\`${name}\`](#${name})`, summary]);
  return [
    'Data goes to stdout, everything else to stderr. `fraudstream <command> --help` shows the main flags of a command, ' +
      '`--help-all` all of them.',
    table(['Command', 'Does'], rows),
  ];
}

function chapter(command) {
  const { name, summary, description = `${capital(summary)}.`, examples } = command;
  const settings = Object.values(allSettings(command));
  const former = settings.flatMap(({ flags, formerNames = [] }) =>
    formerNames.map((before) => `${code(flagOf(before))} (now ${code(flagOf({ flags }))})`),
  );
  const deprecated =
    former.length > 0 ? [`Deprecated names: ${[...new Set(former)].join(', ')}.`] : [];
  const groups = [...new Set(settings.map(groupOf))];
  const tables = groups.flatMap((group) => [
    `**${group}**`,
    settingsTable(settings.filter((setting) => groupOf(setting) === group)),
  ]);
  const lines = examples.map(({ does, line }) => `    # ${does}\n    ${line}`);
  return [`## ${name}`, description, ...tables, ...deprecated, lines.join('\n\n')];
}

function groupOf(setting) {
  if (!isFlag(setting)) return 'Arguments';
  return (setting.group ?? 'Options').replace(/:$/, '');
}

function settingsTable(settings) {
  const rows = settings.map((setting) => [
    code(setting.flags),
    [setting.meaning, setting.parser.choices?.map(code).join(', ')].filter(Boolean).join(': '),
    defaultOf(setting),
    isFlag(setting) ? [variableOf(setting), ...setting.environment].map(code).join(', ') : '',
  ]);
  return table(['Flag', 'Meaning', 'Default', 'Variables'], rows);
}

function defaultOf(setting) {
  const written = writtenTexts(setting) ?? [];
  return written.map(code).join(', ');
}

function settingsChapter() {
  return [
    '## Where settings come from',
    'The first of these that is set wins: the flag, `FRAUDSTREAM_<FLAG>`, the variables of AWS named above, the config file, ' +
      'the default. An empty variable counts as unset. Separate the values of a list in a variable by blanks. ' +
      '`--no-<flag>` turns a switch off, and `--<flag>` turns `--no-<flag>` off. `--print-config` prints every setting and ' +
      'its source, as a config file with the same settings.',
    'A deprecated name still works as a flag, a variable and a key of the config file for one release, with a notice on stderr.',
    'Without `--config` the file is `fraudstream.yaml`, `fraudstream.yml` or `fraudstream.json` in the working directory. ' +
      'An unknown key is an error; the message has its line.',
    'Editors complete and check the file with its JSON Schema, `fixtures/schema/config.schema.json` ' +
      '(`fraudstream/schemas/config.schema.json` of the package): name it by the key `$schema`, or in the comment ' +
      '`# yaml-language-server: $schema=PATH`. Contracts have `contract.schema.json`.',
    `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``,
  ];
}

function exitCodesChapter() {
  const rows = Object.entries(exitCodes).map(([name, exitCode]) => {
    if (!meanings[name]) throw new Error(`docs-cli.js does not say what exit code "${name}" means`);
    return [String(exitCode), meanings[name]];
  });
  return [
    '## Exit codes',
    table(['Code', 'Meaning'], rows),
    'Of several codes at the end of a run, a signal takes precedence over 75, 75 over 99, 99 over 0. A second Ctrl-C quits immediately, without the report.',
  ];
}

function table(headings, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text) {
  return `\`${text}\``;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
