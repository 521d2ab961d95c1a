/**
 * Logarithm and exponential from the four operations alone, to ten digits.
 *
 * ECMAScript lets Math.log and Math.exp differ in the last digit from engine to engine; the four
 * operations it fixes (IEEE 754). So the same seed gives the same bytes on every machine.
 */
const TWO_32 = 4294967296;
/** 2^-64 to 2^64, each exact. */
const POWERS = new Float64Array(129).fill(1);
for (let n = 1; n <= 64; n += 1) {
  POWERS[64 + n] = (POWERS[63 + n] as number) * 2;
  POWERS[64 - n] = (POWERS[65 - n] as number) / 2;
}

/**
 * The natural logarithm of a number from 2^-32 to 2^32.
 *
 * With x = 2^e m, 1 <= m < 2, and s = (m - 1.5) / (m + 1.5), |s| <= 0.2:
 *     ln x = e ln 2 + ln 1.5 + 2 (s + s^3/3 + s^5/5 + ...)
 */
export function ln(x: number): number {
  const isSmall = x < 1;
  const scaled = isSmall ? x * TWO_32 : x;
  const exponent = 31 - Math.clz32(scaled);
  const m = scaled * (POWERS[64 - exponent] as number);
  const s = (m - 1.5) / (m + 1.5);
  const q = s * s;
  const sum = 1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q / 13)))));
  return (isSmall ? exponent - 32 : exponent) * Math.LN2 + LN_1_5 + 2 * s * sum;
}
const LN_1_5 = 0.4054651081081644;

/**
 * e to the power of x, for x from -44 to 44.
 *
 * With k = round(x / ln 2) and r = x - k ln 2, |r| <= 0.35: exp x = 2^k (1 + r + r^2/2! + ...)
 */
export function exp(x: number): number {
  const k = Math.floor(x / Math.LN2 + 0.5);
  const r = x - k * Math.LN2;
  const high = 1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r / 3628800)));
  const low = 1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * high))));
  return (1 + r * low) * (POWERS[64 + k] as number);
}
