/** Significant decimal digits that tell every float32 from its neighbours. */
const DIGITS = 9;
/** Below this Python and numpy write an exponent. */
const SMALL = 1e-4;

/**
 * A float32 in the fewest digits that read back as the same float32, written as numpy writes it.
 *
 * A score is between 0 and 1. NaN is `nan`, Infinity stands for a score left out.
 */
export function scoreText(score: number): string {
  if (score === 0) return '0.0';
  if (score === 1) return '1.0';
  if (!(score > 0 && score < 1)) return Number.isNaN(score) ? 'nan' : '';
  const exponent = Math.floor(Math.log10(score));
  return score < SMALL ? withExponent(score) : plain(score, exponent);
}

/** 0.1234: the digits are a whole number over a power of ten, and both are exact in a double. */
function plain(score: number, exponent: number): string {
  let places = DIGITS - 1 - exponent;
  let digits = Math.round(score * 10 ** places);
  for (;;) {
    const fewer = Math.round(score * 10 ** (places - 1));
    if (places === 1 || Math.fround(fewer / 10 ** (places - 1)) !== score) break;
    places -= 1;
    digits = fewer;
  }
  const text = String(digits);
  return digits === 10 ** places ? '1.0' : `0.${'0'.repeat(places - text.length)}${text}`;
}

/** 1.234e-05, with an exponent of at least two digits. */
function withExponent(score: number): string {
  for (let digits = 0; digits < DIGITS; digits += 1) {
    const text = score.toExponential(digits);
    if (Math.fround(Number(text)) !== score) continue;
    const [mantissa = '', power = ''] = text.split('e-');
    return `${mantissa}e-${power.padStart(2, '0')}`;
  }
  return score.toExponential(DIGITS - 1);
}
