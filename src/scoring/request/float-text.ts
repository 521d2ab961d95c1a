const DIGIT_0 = 48;
const MINUS = 45;
const POINT = 46;
/** Up to here every whole number is a float32 of its own, and its digits are its shortest text. */
const WHOLE_LIMIT = 2 ** 24;
/** Between these a float32 has at most nine decimals or is found by the slow way. */
const LEAST = 1e-3;
const MOST = 1e7;
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12] as const;

/**
 * Writes a float32 as the shortest decimal text that reads back as the same float32.
 *
 * Whether a reader rounds once (Java's parseFloat) or twice (a double first, as Python and
 * JavaScript do) it gets the same bits. Returns where the text ends; it takes at most 24 bytes.
 */
export function writeFloat(value: number, into: Uint8Array, at: number): number {
  const size = Math.abs(value);
  if (size < WHOLE_LIMIT && Number.isInteger(size)) {
    return writeDigits(size, into, isNegative(value) ? sign(into, at) : at);
  }
  const places = size >= LEAST && size < MOST ? placesOf(size) : 0;
  if (places === 0) return writeSlowly(value, into, at);
  return writeDecimal(size, places, into, value < 0 ? sign(into, at) : at);
}

/** The fewest decimals that tell the value; 0 where the table of powers ends before. */
function placesOf(size: number): number {
  // m/10^k is the decimal with k places nearest to the value: the first that reads back is shortest.
  for (let places = 1; places < POWERS.length; places += 1) {
    const power = POWERS[places] as number;
    if (Math.fround(Math.round(size * power) / power) === size) return places;
  }
  return 0;
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

function sign(into: Uint8Array, at: number): number {
  into[at] = MINUS;
  return at + 1;
}

function writeDigits(value: number, into: Uint8Array, at: number): number {
  let end = at + 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end += 1;
  let rest = value;
  for (let place = end - 1; place >= at; place -= 1) {
    const next = Math.floor(rest / 10);
    into[place] = DIGIT_0 + (rest - next * 10);
    rest = next;
  }
  return end;
}

function writeDecimal(size: number, places: number, into: Uint8Array, at: number): number {
  const power = POWERS[places] as number;
  const digits = Math.round(size * power);
  const whole = Math.floor(digits / power);
  const point = writeDigits(whole, into, at);
  into[point] = POINT;
  let rest = digits - whole * power;
  for (let place = point + places; place > point; place -= 1) {
    const next = Math.floor(rest / 10);
    into[place] = DIGIT_0 + (rest - next * 10);
    rest = next;
  }
  return point + places + 1;
}

/** Very large, very small, and what is no number: rare among features. */
function writeSlowly(value: number, into: Uint8Array, at: number): number {
  const text = slowText(value);
  for (let place = 0; place < text.length; place += 1) into[at + place] = text.charCodeAt(place);
  return at + text.length;
}

function slowText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : Number.isNaN(value) ? 'nan' : '-inf';
  for (let precision = 1; precision < 9; precision += 1) {
    const text = value.toPrecision(precision);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}
