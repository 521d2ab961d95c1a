import type { Verb, Word } from './word.ts';

/** A script for fish 3 and later. */
export function fishScript(verbs: readonly Verb[]): string {
  const first = "complete -c fraudstream -n '__fish_use_subcommand'";
  const lines = verbs.map(({ name, summary }) => `${first} -a ${name} -d ${quoted(summary)}`);
  return `# Completion of fraudstream for fish
complete -c fraudstream -f
${lines.join('\n')}
${first} -a help -d 'print help for a command'
${first} -s V -l version -d 'print the version'
${first} -s h -l help -d 'print help'
complete -c fraudstream -n '__fish_seen_subcommand_from help' -a '${verbs.map(({ name }) => name).join(' ')}'
${verbs.flatMap(verbLines).join('\n')}
`;
}

function verbLines({ name, words }: Verb): readonly string[] {
  const condition = `complete -c fraudstream -n '__fish_seen_subcommand_from ${name}'`;
  return words.map((word) => [condition, ...parts(word)].join(' '));
}

function parts({ isFlag, long, short, meaning, value, choices }: Word): readonly string[] {
  if (!isFlag) return [`-a '${choices.join(' ')}'`];
  const said = value === 'choice' ? [`-a '${choices.join(' ')}'`] : [];
  return [
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    ...(value === 'nothing' ? [] : [value === 'file' ? '-r -F' : '-x']),
    ...said,
    `-d ${quoted(meaning)}`,
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
