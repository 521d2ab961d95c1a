/**
 * How one kind of value is written and read.
 *
 * `read` takes every text given (a flag may come more than once) and returns `undefined` for what
 * is not such a value; the caller then says what was `expected`, with the `example`. Where it knows
 * better, it throws a `FraudstreamError` with the whole sentence.
 * `secret` says what no output may show.
 * `choices` and `isPath` are for shell completion, `choices` also for the help. What stands at a path
 * that `isOutput` is written over.
 */
export interface Parser<T> {
  readonly expected: string;
  readonly example: string;
  readonly takes: 'nothing' | 'one' | 'many';
  readonly choices?: readonly string[];
  readonly isPath?: boolean;
  readonly isOutput?: boolean;
  /** What of it nobody may read: all of it, the value of each `name:value`, or parts of an address. */
  readonly secret?: 'whole' | 'pairs' | 'url';
  read(texts: readonly string[]): T | undefined;
}

/** A parser of one value; the last text wins, as on any command line. */
export function parser<T>(
  expected: string,
  example: string,
  read: (text: string) => T | undefined,
): Parser<T> {
  return { expected, example, takes: 'one', read: (texts) => read((texts.at(-1) ?? '').trim()) };
}

/** Any text but the empty one: an unset shell variable is not a name. */
export const text: Parser<string> = parser('a text that is not empty', 'name', (text) =>
  text === '' ? undefined : text,
);

/** A path of a file, not looked at yet. */
export const path: Parser<string> = {
  ...text,
  expected: 'a path',
  example: 'file.json',
  isPath: true,
};

/** A path of a file that is written. */
export const output: Parser<string> = { ...path, isOutput: true };

/** An address that starts with `http://` or `https://`. */
export const url: Parser<string> = {
  ...parser('an address with http:// or https://', 'http://127.0.0.1:4567', (text) =>
    /^https?:\/\/[^/]/.test(text) && URL.canParse(text) ? text : undefined,
  ),
  secret: 'url',
};

const truth = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

/** A switch: a flag without a value; `true` or `false` in the environment and in a file. */
export const yesNo: Parser<boolean> = {
  ...parser('true or false', 'true', (text) => truth.get(text.toLowerCase())),
  takes: 'nothing',
};

/** One word out of a few. */
export function choice<const Word extends string>(...words: readonly Word[]): Parser<Word> {
  return {
    ...parser(`one of ${words.join(', ')}`, words[0] ?? '', (text) =>
      words.find((word) => word === text),
    ),
    choices: words,
  };
}

/** Every value given, in order: the flag is repeated, or its values stand in a list of a file. */
export function list<T>(item: Parser<T>): Parser<readonly T[]> {
  return {
    ...item,
    takes: 'many',
    read(texts) {
      const values: T[] = [];
      for (const text of texts) {
        const value = item.read([text]);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    },
  };
}

/**
 * Named values, `name:value` or `name=value`, repeatable; a name given twice is refused. Several may stand
 * in one text, with commas between, unless a value may have commas itself.
 */
export function pairs<T>(item: Parser<T>, example: string): Parser<ReadonlyMap<string, T>> {
  const isPair = (text: string): boolean => pair(text, item) !== undefined;
  return {
    expected: `a name, ":" or "=" and ${item.expected}`,
    example,
    takes: 'many',
    read(texts) {
      const parts = texts.flatMap((text) => (isPair(text) ? [text] : text.split(',')));
      const values = new Map<string, T>();
      for (const part of parts) {
        const [name, value] = pair(part, item) ?? [];
        if (name === undefined || value === undefined || values.has(name)) return undefined;
        values.set(name, value);
      }
      return values;
    },
  };
}

function pair<T>(text: string, item: Parser<T>): readonly [string, T] | undefined {
  const [, name, rest] = /^([^:=]+)[:=](.+)$/.exec(text.trim()) ?? [];
  const value = rest === undefined ? undefined : item.read([rest]);
  return name === undefined || value === undefined ? undefined : [name, value];
}
