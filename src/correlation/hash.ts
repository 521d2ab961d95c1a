/** The 128 bits of a text, in four words. */
export type Hash = Uint32Array;

/** Source: the multipliers and the final mix of MurmurHash3_x86_128. */
const [M1, M2, M3, M4] = [597_399_067, 2_869_860_233, 951_274_213, 2_716_044_179];

/** Writes 128 bits of a text to `out`: equal texts, equal bits; others differ but for 2^-128. */
export function hash(text: string, out: Hash): void {
  let [a, b, c, d] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = b ^ Math.imul(a ^ code, M1);
    b = c ^ Math.imul(b ^ code, M2);
    c = d ^ Math.imul(c ^ code, M3);
    d = a ^ Math.imul(d ^ code, M4);
  }
  a = Math.imul(c ^ (a >>> 18), M1);
  b = Math.imul(d ^ (b >>> 22), M2);
  c = Math.imul(a ^ (c >>> 17), M3);
  d = Math.imul(b ^ (d >>> 19), M4);
  out[0] = a ^ b ^ c ^ d;
  out[1] = b ^ a;
  out[2] = c ^ a;
  out[3] = d ^ a;
}
