import type { Verb, Word } from './word.ts';

/** A script for zsh; works when sourced and as a file `_fraudstream` of the `fpath`. */
export function zshScript(verbs: readonly Verb[]): string {
  return `#compdef fraudstream
# Completion of fraudstream for zsh: eval "$(fraudstream completion zsh)"
_fraudstream() {
  local -a verbs
  verbs=(
${verbs.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
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
${verbs.map(verbCase).join('\n')}
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

function verbCase({ name, words }: Verb): string {
  const specs = words.flatMap(specsOf).map((spec) => `        ${spec}`);
  return `    ${name})\n      _arguments \\\n${specs.join(' \\\n')}\n      ;;`;
}

/** Source: zshcompsys(1), _arguments: `(excluded)-flag[meaning]:message:action`. */
function specsOf(word: Word): readonly string[] {
  if (!word.isFlag) return [quoted(`1:${word.long}:${action(word)}`)];
  const flags = [word.long, ...(word.short ? [word.short] : [])];
  const others = word.isRepeatable ? '*' : `(${flags.join(' ')})`;
  const meaning = word.meaning.replace(/[[\]:\\]/g, '\\$&');
  const value = word.value === 'nothing' ? '' : `:${word.long.slice(2)}:${action(word)}`;
  return flags.map((flag) => quoted(`${others}${flag}[${meaning}]${value}`));
}

function action({ value, choices }: Word): string {
  if (value === 'file') return '_files';
  return value === 'choice' ? `(${choices.join(' ')})` : ' ';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
