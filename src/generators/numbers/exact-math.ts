/**
 * Logarithm and exponential from the four operations alone.
 *
 * ECMAScript lets Math.log and Math.exp differ in the last digit from engine to engine; the four
 * operations it fixes (IEEE 754). So the same seed gives the same bytes on every machine.
 */
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Which word of the double holds sign and exponent: the second on little-endian machines. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const SQRT2_HIGH = 0x3ff6a09e;

/**
 * The natural logarithm of a normal positive number.
 *
 * With x = 2^e m, sqrt(1/2) <= m < sqrt(2), and s = (m - 1) / (m + 1):
 *     ln x = e ln 2 + 2 (s + s^3/3 + s^5/5 + ...)
 */
export function ln(x: number): number {
  double[0] = x;
  const high = words[HIGH] as number;
  let exponent = (high >>> 20) - 1023;
  let mantissaHigh = (high & 0xfffff) | 0x3ff00000;
  if (mantissaHigh >= SQRT2_HIGH) {
    mantissaHigh -= 0x100000;
    exponent += 1;
  }
  words[HIGH] = mantissaHigh;
  const m = double[0] as number;
  const s = (m - 1) / (m + 1);
  const q = s * s;
  const low = 1 / 11 + q * (1 / 13 + q * (1 / 15 + q * (1 / 17 + q * (1 / 19))));
  const sum = 1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * low))));
  return exponent * Math.LN2 + 2 * s * sum;
}

/**
 * e to the power of x, for x from -700 to 700.
 *
 * With k = round(x / ln 2) and r = x - k ln 2, |r| <= 0.35: exp x = 2^k (1 + r + r^2/2! + ...)
 */
export function exp(x: number): number {
  const k = Math.floor(x / Math.LN2 + 0.5);
  const r = x - k * Math.LN2;
  let sum = 1;
  for (let n = 13; n >= 1; n -= 1) sum = 1 + (r * sum) / n;
  double[0] = 0;
  words[HIGH] = (k + 1023) << 20;
  return sum * (double[0] as number);
}
