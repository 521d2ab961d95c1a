import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../generators/numbers/random.ts';
import { scoreText } from './answer-form.ts';

/** What `str(numpy.float32(x))` says, numpy 2.4. */
const written: readonly (readonly [number, string])[] = [
  [0, '0.0'],
  [1, '1.0'],
  [0.5, '0.5'],
  [0.14850467443466187, '0.14850467'],
  [0.1, '0.1'],
  [0.123456789, '0.12345679'],
  [0.99999994, '0.99999994'],
  [0.09999999, '0.09999999'],
  [0.00012345, '0.00012345'],
  [1e-4, '1e-04'],
  [9.9999e-5, '9.9999e-05'],
  [1.2345e-5, '1.2345e-05'],
  [3e-8, '3e-08'],
  [2e-10, '2e-10'],
  [1e-38, '1e-38'],
];
for (const [score, text] of written) {
  test(`${score} is written ${text}, as numpy writes it`, () => {
    assert.equal(scoreText(Math.fround(score)), text);
  });
}

test('a score not there is empty, one that is no number is nan', () => {
  assert.deepEqual([Number.POSITIVE_INFINITY, Number.NaN].map(scoreText), ['', 'nan']);
});

test('every score is written so that it reads back, and in no more digits than needed', () => {
  const random = new Random(3, 0);
  const bits = new Int32Array(1);
  const floats = new Float32Array(bits.buffer);
  for (let time = 0; time < 100_000; time += 1) {
    // Half over all exponents below 1, half evenly between 0 and 1.
    bits[0] = random.below(0x3f800000);
    const score = time % 2 === 0 ? (floats[0] as number) : Math.fround(random.unit());
    const text = scoreText(score);
    assert.equal(Math.fround(Number(text)), score, text);
    const digits = text.replace(/e.*|\./g, '').replace(/^0+/, '').length;
    const fewer = Number(score.toPrecision(Math.max(1, digits - 1)));
    assert.ok(digits === 1 || score === 1 || Math.fround(fewer) !== score, `${text} for ${score}`);
  }
});
