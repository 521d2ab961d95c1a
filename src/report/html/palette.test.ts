import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

type Triple = readonly [number, number, number];

const css = readFileSync(join(import.meta.dirname, '..', '..', '..', 'assets', 'page.css'), 'utf8');
const names = ['mark', 'second', 'third', 'bad', 'good', 'quiet'] as const;
const themes = ['light', 'dark'] as const;

/** Full dichromacy, in linear RGB. Source: Machado, Oliveira and Fernandes 2009, severity 1.0. */
const deficiencies: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};

/** The colours of a theme in linear RGB. */
function coloursOf(theme: (typeof themes)[number]): ReadonlyMap<string, Triple> {
  const found = css.matchAll(/--(\w+): light-dark\((#\w{6}), (#\w{6})\);/g);
  return new Map(
    [...found].map(([, name = '', light = '', dark = '']) => [
      name,
      linear(theme === 'light' ? light : dark),
    ]),
  );
}

function linear(hex: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function seen([r, g, b]: Triple, [x, y, z]: readonly [Triple, Triple, Triple]): Triple {
  const of = (row: Triple): number =>
    Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b));
  return [of(x), of(y), of(z)];
}

/** CIE L*a*b* with white point D65. */
function lab([r, g, b]: Triple): Triple {
  const root = (value: number): number =>
    value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(one: Triple, other: Triple): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function contrast(one: Triple, other: Triple): number {
  const light = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  const [a, b] = [light(one), light(other)];
  return Math.max(a, b) / Math.min(a, b);
}

for (const theme of themes) {
  for (const [deficiency, matrix] of Object.entries(deficiencies)) {
    test(`any two colours of lines differ, ${theme}, colour blindness: ${deficiency}`, () => {
      const colours = coloursOf(theme);
      for (const [index, one] of names.entries()) {
        for (const other of names.slice(0, index)) {
          const [a, b] = [colours.get(one), colours.get(other)];
          assert.ok(a && b, `${one} and ${other} are in page.css`);
          const apart = distance(lab(seen(a, matrix)), lab(seen(b, matrix)));
          assert.ok(apart >= 20, `${one} and ${other}: ${apart.toFixed(1)}`);
        }
      }
    });
  }

  test(`lines and words stand out from the paper, ${theme}`, () => {
    const colours = coloursOf(theme);
    // WCAG 2.1: 3 for graphics (1.4.11), 4.5 for text (1.4.3).
    const least = { mark: 3, second: 3, third: 3, quiet: 3, bad: 4.5, good: 4.5, soft: 4.5 };
    for (const [name, ratio] of Object.entries(least)) {
      const papers = ratio === 3 ? (['paper'] as const) : (['paper', 'raised'] as const);
      for (const paper of papers) {
        const [one, under] = [colours.get(name), colours.get(paper)];
        assert.ok(one && under);
        const found = contrast(one, under);
        assert.ok(found >= ratio, `${name} on ${paper}: ${found.toFixed(2)}`);
      }
    }
  });
}
