import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setting } from './define-setting.ts';
import { list, text, yesNo } from './parsers.ts';
import type { ResolvedSettings } from './resolve-settings.ts';
import { writtenCommand } from './written-command.ts';

const written = (...rows: readonly (readonly [ResolvedSettings['setting'], string, 'flag'?])[]) =>
  writtenCommand(
    'run',
    rows.map(([one, value, by]) => ({
      ...{ key: '', setting: one, value: undefined, isOverruled: false },
      texts: value.split('|'),
      source: by === 'flag' ? { kind: 'flag', setting: one } : { kind: 'default' },
    })),
  );

test('a command line has what was given as flags, quoted for a shell', () => {
  const fail = setting('--fail-if <condition>', 'when it fails', [], list(text));
  const local = setting('--local', 'here', false, yesNo);
  const ordered = setting('--no-ordered', 'in any order', true, yesNo);
  assert.equal(
    written(
      [local, 'true', 'flag'],
      [ordered, 'false', 'flag'],
      [fail, "p99 > 1s|it's", 'flag'],
      [setting('--rate <rate>', 'rate', '1k/s', text), '1k/s'],
      [setting('[file...]', 'files', [], list(text)), 'a.ndjson', 'flag'],
    ),
    `fraudstream run --local --no-ordered --fail-if 'p99 > 1s' --fail-if 'it'\\''s' a.ndjson`,
  );
});

test('the secrets of a command line are left out', () => {
  const header = {
    ...setting('--header <header>', 'header', [], list(text)),
    parser: { ...list(text), secret: 'pairs' as const },
  };
  assert.equal(
    written([header, 'x-api-key: abc', 'flag']),
    "fraudstream run --header 'x-api-key:***'",
  );
});
