/** A value as JSON for people: integers of any size as they are, binary as hexadecimal digits. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, one) => {
    if (typeof one === 'bigint') return String(one);
    return one instanceof Uint8Array ? Buffer.from(one).toString('hex') : one;
  });
  return text ?? String(value);
}
