import type { Verb, Word } from './word.ts';

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
${verbs.map(verbCase).join('\n')}
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

function verbCase({ name, words }: Verb): string {
  const all = words.flatMap(({ isFlag, long, choices }) => (isFlag ? [long] : choices));
  return `    ${name}) words='${all.join(' ')}' ;;`;
}
