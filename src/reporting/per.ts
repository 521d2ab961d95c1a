/** So much of `amount` for each of `whole`; of nothing there is no ratio: NaN, which a report leaves out. */
export function per(amount: number, whole: number): number {
  return whole > 0 ? amount / whole : Number.NaN;
}
