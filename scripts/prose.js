/**
 * Looks for words that help texts, messages and headings of docs do not use: `npm run lint:prose`.
 *
 * It reads the string literals of src/ that are sentences (they have a blank), without tests, and the
 * headings of README.md and docs/*.md. It also finds pages of docs that are too long.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Lines of a page of docs. */
const MOST_LINES = 250;

/** A word to avoid, and what to write. */
const words = [
  [/\b(told|tells?|telling)\b/i, 'print, report, show'],
  [/\b(hears?|heard)\b/i, 'receive, read'],
  [/\bdrawn\b/i, 'random, chosen'],
  [/\bbecame of\b/i, 'outcome'],
  [/\bat once\b/i, 'immediately; for a number: concurrent'],
  [/\bcompany\b/i, 'others in the batch, buffered'],
  [/\bfor people\b/i, 'as text'],
  [/\bwhence\b/i, 'source'],
  [/\bnobody\b/i, 'unknown, not set'],
  [/\bso (many|much|long)\b/i, 'this many, this much, this long'],
  [/\btroubles?\b/i, 'fault, failure'],
  [/\b(walks?|rooms?|floors?)\b/i, "the field's own term"],
  [/\bdoes nothing without\b/i, 'has no effect without'],
  [/\bstands? (instead|in the way)\b/i, 'replaces'],
  [/\bto be had\b/i, 'available'],
  [/\bsay how\b|\bsays? (so|of)\b/i, 'set, report'],
  [/\btaken apart\b/i, 'deaggregated, split'],
  [/\bforeign (file|csv|column)/i, 'of another schema'],
];

const found = [...sources(), ...headings()].flatMap(({ file, line, text }) =>
  words
    .filter(([word]) => word.test(text))
    .map(
      ([word, instead]) =>
        `${file}:${line}: "${word.exec(text)?.[0]}" in "${text.slice(0, 90)}". Write: ${instead}.`,
    ),
);
found.push(...longPages());
if (found.length > 0) {
  console.error(
    [...found, `${found.length} findings; the words and limits are in scripts/prose.js.`].join(
      '\n',
    ),
  );
  process.exitCode = 1;
}

function sources() {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.ts') && !/\.test\.ts$/.test(name))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .flatMap((file) => linesOf(file).flatMap((line) => sentences(line)));
}

/** The string literals of a line that have a blank; comments have none. */
function sentences({ file, line, text }) {
  if (/^\s*(\/\/|\*|\/\*)/.test(text)) return [];
  const code = text.replace(/\s\/\/ .*$/, '');
  return [...code.matchAll(/'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)]
    .map(([, single, template]) => (single ?? template ?? '').replace(/\$\{[^}]*\}/g, '…'))
    .filter((literal) => literal.includes(' '))
    .map((literal) => ({ file, line, text: literal }));
}

/** Pages of docs that are too long to read; the reference of the command line is generated. */
function longPages() {
  return pages()
    .filter((file) => file !== join('docs', 'cli.md') && linesOf(file).length > MOST_LINES + 1)
    .map((file) => `${file}: more than ${MOST_LINES} lines. Split it by topic.`);
}

function pages() {
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return docs.map((name) => join('docs', name));
}

function headings() {
  return ['README.md', ...pages()].flatMap((file) =>
    linesOf(file).filter(({ text }) => /^#+ /.test(text)),
  );
}

function linesOf(file) {
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .map((text, at) => ({ file, line: at + 1, text }));
}
