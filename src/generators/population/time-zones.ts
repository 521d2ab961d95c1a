/** When clocks are put forward by an hour: not at all, or as in the EU, North America, or the south of Australia. */
type DaylightSaving = 'none' | 'eu' | 'us' | 'au';

/** A zone by its name; `standard` in hours ahead of UTC. Source: IANA time zone database, rules of 2023 on. */
const zones: Readonly<Record<string, readonly [standard: number, saving: DaylightSaving]>> = {
  'Europe/London': [0, 'eu'],
  'Europe/Berlin': [1, 'eu'],
  'Atlantic/Canary': [0, 'eu'],
  'Europe/Istanbul': [3, 'none'],
  'America/New_York': [-5, 'us'],
  'America/Chicago': [-6, 'us'],
  'America/Denver': [-7, 'us'],
  'America/Phoenix': [-7, 'none'],
  'America/Los_Angeles': [-8, 'us'],
  'Pacific/Honolulu': [-10, 'none'],
  'America/Halifax': [-4, 'us'],
  'America/St_Johns': [-3.5, 'us'],
  'America/Regina': [-6, 'none'],
  'America/Sao_Paulo': [-3, 'none'],
  'America/Manaus': [-4, 'none'],
  'America/Mexico_City': [-6, 'none'],
  'America/Cancun': [-5, 'none'],
  'America/Hermosillo': [-7, 'none'],
  'America/Tijuana': [-8, 'us'],
  'Asia/Tokyo': [9, 'none'],
  'Asia/Kolkata': [5.5, 'none'],
  'Australia/Sydney': [10, 'au'],
  'Australia/Brisbane': [10, 'none'],
  'Australia/Adelaide': [9.5, 'au'],
  'Australia/Perth': [8, 'none'],
  'Asia/Singapore': [8, 'none'],
  'Asia/Dubai': [4, 'none'],
  'Asia/Kuwait': [3, 'none'],
  'Africa/Johannesburg': [2, 'none'],
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SUNDAY = 0;

/** Hours that the clocks of a zone are ahead of UTC at an instant. Errors: throws for a zone that is not known. */
export function utcOffsetHours(zone: string, atMs: number): number {
  const [standard, saving] = zones[zone] ?? [Number.NaN, 'none'];
  if (Number.isNaN(standard)) throw new Error(`there is no time zone ${zone}`);
  return standard + (isSaving(saving, standard, atMs) ? 1 : 0);
}

function isSaving(saving: DaylightSaving, standard: number, atMs: number): boolean {
  if (saving === 'none') return false;
  const year = new Date(atMs).getUTCFullYear();
  if (saving === 'eu') {
    // From the last Sunday of March to that of October, at 1:00 UTC everywhere.
    return atMs >= lastSunday(year, 2) + HOUR_MS && atMs < lastSunday(year, 9) + HOUR_MS;
  }
  const local = atMs + standard * HOUR_MS;
  if (saving === 'us') {
    // From the second Sunday of March at 2:00 to the first of November, at 1:00 of standard time.
    return local >= sunday(year, 2, 2) + 2 * HOUR_MS && local < sunday(year, 10, 1) + HOUR_MS;
  }
  // The southern summer, from the first Sunday of October to that of April, at 2:00 of standard time.
  return local >= sunday(year, 9, 1) + 2 * HOUR_MS || local < sunday(year, 3, 1) + 2 * HOUR_MS;
}

/** Midnight of the n-th Sunday of a month, as if it were UTC. */
function sunday(year: number, month: number, n: number): number {
  const first = Date.UTC(year, month, 1);
  const days = (7 + SUNDAY - new Date(first).getUTCDay()) % 7;
  return first + (days + 7 * (n - 1)) * DAY_MS;
}

function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month + 1, 0);
  return last - new Date(last).getUTCDay() * DAY_MS;
}
