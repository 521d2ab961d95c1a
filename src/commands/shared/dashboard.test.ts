import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { emptyScoring } from '../../engine/scoring-figures.ts';
import { figuresOf } from '../../metrics/figures.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import { emptySummary } from '../../pipeline-test/session.ts';

const examples = join(import.meta.dirname, '..', '..', '..', 'examples');

test('the Grafana dashboard asks for metrics that there are', () => {
  const text = readFileSync(join(examples, 'grafana', 'fraudstream.json'), 'utf8');
  const asked = new Set(text.match(/fraudstream_\w+/g));
  const session = emptySummary({
    ...{ lateAfterMs: 1_000, forgetAfterMs: 60_000, isOrdered: true, isAlone: true, warmUpMs: 0 },
    ...{ isPaced: true, stages: undefined, threshold: undefined, parityTolerance: 0 },
    costs: { missedFraud: 1, falseAlarm: 1 },
  });
  const { all } = figuresOf(snakeCased({ ...session, scoring: emptyScoring().scoring }));
  const known = new Set(
    [...all.values()].map(
      ({ name, unit }) =>
        `fraudstream_${name.replace(/[^a-zA-Z0-9]+/g, '_')}${unit === 'ms' ? '_seconds' : ''}`,
    ),
  );
  const beside = ['elapsed_seconds', 'progress_ratio', 'generator_limited_by'];
  for (const name of beside) known.add(`fraudstream_${name}`);
  assert.deepEqual(
    [...asked].filter((name) => !known.has(name)),
    [],
  );
  assert.ok(asked.size > 15);
});
