/** A ratio may lose this share before it counts. */
const MOST_LOSS = 0.1;

/**
 * One line for each ratio that has lost more than a tenth against an older run, and for each that is not measured any more.
 * Results are objects from the name of a benchmark to what it printed. Benchmarks that only one of the two has are not compared.
 */
export function losses(before, after) {
  return Object.keys(before)
    .filter((name) => name in after)
    .flatMap((name) => lossesOf(name, before[name].ratios, after[name].ratios));
}

function lossesOf(name, before, after) {
  const found = [];
  for (const { ratio, value: old, better } of before) {
    const now = after.find((each) => each.ratio === ratio)?.value ?? null;
    if (old === null) continue;
    if (now === null) {
      found.push(`${name}: "${ratio}" was ${old} and is not measured now`);
      continue;
    }
    const loss = better === 'higher' ? 1 - now / old : now / old - 1;
    if (loss > MOST_LOSS) {
      found.push(`${name}: "${ratio}" was ${old} and is ${now}, a loss of ${percent(loss)}`);
    }
  }
  return found;
}

/** One line for each bound that is missed. */
export function missed(results) {
  return Object.entries(results).flatMap(([name, { bounds }]) =>
    bounds
      .filter(({ isMet }) => isMet === false)
      .map((bound) => `${name}: "${bound.of}" is ${bound.value}, bound ${boundText(bound)}`),
  );
}

/** `at least 600,000`, or `at most 5`. */
export function boundText({ atLeast, atMost }) {
  return atLeast === undefined ? `at most ${grouped(atMost)}` : `at least ${grouped(atLeast)}`;
}

/** A number with commas between thousands. */
export function grouped(value) {
  return typeof value === 'number'
    ? value.toLocaleString('en-US', { maximumFractionDigits: 6 })
    : value;
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
