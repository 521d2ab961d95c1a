import { numeralOf, parseDecimal } from '../values/decimal.ts';

/** A decimal of Avro as text: an integer in two's complement, the highest byte first, `scale` digits behind the point. */
export function decimalText(bytes: Uint8Array, scale: number): string {
  const unscaled = BigInt.asIntN(
    8 * bytes.length,
    bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`),
  );
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale > 0 ? `.${digits.slice(-scale)}` : '';
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction}`;
}

/** Returns the bytes of a decimal, the reason as text where the value is none that fits. `size` is that of a fixed. */
export function decimalBytes(
  value: unknown,
  { precision, scale }: { readonly precision: number; readonly scale: number },
  size: number | undefined,
): Uint8Array | string {
  const decimal = parseDecimal(numeralOf(value) ?? '');
  if (!decimal) return 'must be a decimal number';
  const { isNegative, digits } = decimal;
  const missing = scale - decimal.scale;
  const excess = missing < 0 ? digits.padStart(-missing, '0').slice(missing) : '';
  if (/[1-9]/.test(excess)) return `must have ${scale} digits behind the point at most`;
  const kept = missing < 0 ? digits.slice(0, missing) || '0' : `${digits}${'0'.repeat(missing)}`;
  if (kept.replace(/^0+/, '').length > precision) return `must have ${precision} digits at most`;
  const unscaled = isNegative ? -BigInt(kept) : BigInt(kept);
  let bytes = size ?? 1;
  while (size === undefined && BigInt.asIntN(8 * bytes, unscaled) !== unscaled) bytes += 1;
  if (BigInt.asIntN(8 * bytes, unscaled) !== unscaled) return `must fit into ${bytes} bytes`;
  const hex = BigInt.asUintN(8 * bytes, unscaled)
    .toString(16)
    .padStart(2 * bytes, '0');
  return Buffer.from(hex, 'hex');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a UUID as RFC 9562 writes it. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** The text of a UUID of 16 bytes. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ];
  return parts.join('-');
}

/** The 16 bytes of a UUID. */
export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
