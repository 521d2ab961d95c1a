import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../generators/numbers/random.ts';
import { scoreText } from './answer-form.ts';

/** What `str(float(numpy.float32(x)))` says, Python 3.11. */
const written: readonly (readonly [number, string])[] = [
  [0, '0.0'],
  [1, '1.0'],
  [0.5, '0.5'],
  [0.14850467443466187, '0.14850467443466187'],
  [0.1, '0.10000000149011612'],
  [0.99999994, '0.9999999403953552'],
  [0.00012345, '0.0001234499941347167'],
  [1e-4, '9.999999747378752e-05'],
  [1.2345e-5, '1.234499995916849e-05'],
  [3e-8, '2.999999892949745e-08'],
  [2 ** -20, '9.5367431640625e-07'],
  [2 ** -140, '7.174648137343064e-43'],
  [-2.5, '-2.5'],
  [1e16, '1.0000000272564224e+16'],
];
for (const [score, text] of written) {
  test(`${score} is written ${text}, as Python writes it`, () => {
    assert.equal(scoreText(Math.fround(score)), text);
  });
}

test('a score not there is empty, one that is no number is nan', () => {
  assert.deepEqual([Number.POSITIVE_INFINITY, Number.NaN].map(scoreText), ['', 'nan']);
});

test('every score is written so that it reads back as the same double', () => {
  const random = new Random(3, 0);
  const bits = new Int32Array(1);
  const floats = new Float32Array(bits.buffer);
  for (let time = 0; time < 100_000; time += 1) {
    // Half over all exponents below 1, half evenly between 0 and 1.
    bits[0] = random.below(0x3f800000);
    const score = time % 2 === 0 ? (floats[0] as number) : Math.fround(random.unit());
    assert.equal(Number(scoreText(score)), score);
  }
});
