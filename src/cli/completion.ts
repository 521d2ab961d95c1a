import { allSettings, type Command } from './command.ts';
import { flagOf, isFlag, type Setting } from './settings/define-setting.ts';

/**
 * What can stand behind a verb: a flag with what can follow it, or a positional argument.
 *
 * `value` is what follows: nothing, a file, one of `choices`, or a text that cannot be foreseen.
 */
export interface Word {
  readonly long: string;
  readonly short?: string;
  readonly isFlag: boolean;
  readonly isRepeatable: boolean;
  readonly meaning: string;
  readonly value: 'nothing' | 'file' | 'choice' | 'text';
  readonly choices: readonly string[];
}

/** One verb as the scripts see it. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly Word[];
}

const help: Word = {
  long: '--help',
  short: '-h',
  isFlag: true,
  isRepeatable: false,
  meaning: 'print help',
  value: 'nothing',
  choices: [],
};

/** All words of a command, `--help` last. */
export function wordsOf(command: Command): readonly Word[] {
  const settings = Object.values(allSettings(command));
  const words = settings.filter(({ sharesFlagOf }) => sharesFlagOf === undefined).map(wordOf);
  return [...words, help];
}

function wordOf(setting: Setting<unknown>): Word {
  const { takes, choices = [] } = setting.parser;
  const [, short] = /(?:^|\s)(-[a-zA-Z])\b/.exec(setting.flags) ?? [];
  return {
    long: flagOf(setting),
    ...(short !== undefined && { short }),
    isFlag: isFlag(setting),
    isRepeatable: takes === 'many',
    meaning: setting.meaning,
    value: followed(setting),
    choices,
  };
}

function followed({ parser: { takes, choices, isPath } }: Setting<unknown>): Word['value'] {
  if (takes === 'nothing') return 'nothing';
  if (choices) return 'choice';
  return isPath ? 'file' : 'text';
}

/** A script for bash 3.2 and later; it needs no other package. */
export function bashScript(verbs: readonly Verb[]): string {
  return `# Completion of fraudstream for bash: eval "$(fraudstream completion bash)"
_fraudstream() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb= words= place
  COMPREPLY=()
  # Bash takes --output=json for three words.
  [[ $word == "=" ]] && word=
  [[ $before == "=" ]] && before=\${COMP_WORDS[COMP_CWORD-2]}
  for ((place = 1; place < COMP_CWORD; place++)); do
    case \${COMP_WORDS[place]} in
      ${verbs.map(({ name }) => name).join(' | ')} | help)
        verb=\${COMP_WORDS[place]}
        break
        ;;
    esac
  done
  case "$verb $before" in
${verbs.flatMap(valueCases).join('\n')}
  esac
  case "$verb" in
    '' | help) words='${verbs.map(({ name }) => name).join(' ')} help --help --version' ;;
${verbs.map(bashVerbCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _fraudstream fraudstream
`;
}

/** Flags that are followed by a value, gathered by what can be replied. */
function valueCases({ name, words }: Verb): readonly string[] {
  const patterns = new Map<string, string[]>();
  for (const word of words.filter(({ isFlag, value }) => isFlag && value !== 'nothing')) {
    const flags = [word.long, ...(word.short ? [word.short] : [])];
    const before = patterns.get(replies(word)) ?? [];
    patterns.set(replies(word), [...before, ...flags.map((flag) => `'${name} ${flag}'`)]);
  }
  return [...patterns].map(([reply, flags]) => `    ${flags.join(' | ')}) ${reply}return ;;`);
}

function replies({ value, choices }: Word): string {
  if (value === 'file') return `local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$word")); `;
  if (value === 'text') return '';
  return `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word")); `;
}

function bashVerbCase({ name, words }: Verb): string {
  const all = words.flatMap(({ isFlag, long, choices }) => (isFlag ? [long] : choices));
  return `    ${name}) words='${all.join(' ')}' ;;`;
}

/** A script for fish 3 and later. */
export function fishScript(verbs: readonly Verb[]): string {
  const first = "complete -c fraudstream -n '__fish_use_subcommand'";
  const lines = verbs.map(({ name, summary }) => `${first} -a ${name} -d ${fishQuoted(summary)}`);
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
    `-d ${fishQuoted(meaning)}`,
  ];
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A script for zsh; works when sourced and as a file `_fraudstream` of the `fpath`. */
export function zshScript(verbs: readonly Verb[]): string {
  return `#compdef fraudstream
# Completion of fraudstream for zsh: eval "$(fraudstream completion zsh)"
_fraudstream() {
  local -a verbs
  verbs=(
${verbs.map(({ name, summary }) => `    ${zshQuoted(`${name}:${summary}`)}`).join('\n')}
    'help:print help for a command'
  )
  if ((CURRENT == 2)); then
    _describe command verbs
    _arguments '--help[print help]' '--version[print the version]'
    return
  fi
  local verb=$words[2]
  shift words
  ((CURRENT--))
  case $verb in
    help) _describe command verbs ;;
${verbs.map(zshVerbCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _fraudstream ]]; then
  _fraudstream "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _fraudstream fraudstream
fi
`;
}

function zshVerbCase({ name, words }: Verb): string {
  const specs = words.flatMap(specsOf).map((spec) => `        ${spec}`);
  return `    ${name})\n      _arguments \\\n${specs.join(' \\\n')}\n      ;;`;
}

/** Source: zshcompsys(1), _arguments: `(excluded)-flag[meaning]:message:action`. */
function specsOf(word: Word): readonly string[] {
  if (!word.isFlag) return [zshQuoted(`1:${word.long}:${action(word)}`)];
  const flags = [word.long, ...(word.short ? [word.short] : [])];
  const others = word.isRepeatable ? '*' : `(${flags.join(' ')})`;
  const meaning = word.meaning.replace(/[[\]:\\]/g, '\\$&');
  const value = word.value === 'nothing' ? '' : `:${word.long.slice(2)}:${action(word)}`;
  return flags.map((flag) => zshQuoted(`${others}${flag}[${meaning}]${value}`));
}

function action({ value, choices }: Word): string {
  if (value === 'file') return '_files';
  return value === 'choice' ? `(${choices.join(' ')})` : ' ';
}

function zshQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Shells that completion scripts are written for. */
export type Shell = 'bash' | 'zsh' | 'fish';

const scripts: Readonly<Record<Shell, (verbs: readonly Verb[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** The script that completes these commands in a shell. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
  const verbs = commands.map((command) => ({
    name: command.name,
    summary: command.summary,
    words: wordsOf(command),
  }));
  return scripts[shell](verbs);
}
