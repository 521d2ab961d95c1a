/** Days on which much is closed, MM-DD, by country. Source: public holidays with a fixed date. */
const fixed: Readonly<Record<string, string>> = {
  US: '01-01 07-04 12-25',
  GB: '01-01 12-25 12-26',
  DE: '01-01 05-01 10-03 12-25 12-26',
  FR: '01-01 05-01 07-14 11-11 12-25',
  ES: '01-01 01-06 05-01 10-12 12-25',
  IT: '01-01 04-25 05-01 08-15 12-25 12-26',
  NL: '01-01 04-27 12-25 12-26',
  PL: '01-01 05-01 05-03 11-11 12-25 12-26',
  SE: '01-01 05-01 06-06 12-25 12-26',
  CH: '01-01 08-01 12-25 12-26',
  TR: '01-01 04-23 10-29',
  CA: '01-01 07-01 12-25 12-26',
  BR: '01-01 05-01 09-07 11-15 12-25',
  MX: '01-01 05-01 09-16 12-25',
  JP: '01-01 01-02 01-03 05-03 05-05',
  KR: '01-01 03-01 08-15 12-25',
  IN: '01-26 08-15 10-02',
  AU: '01-01 01-26 04-25 12-25 12-26',
  SG: '01-01 05-01 08-09 12-25',
  AE: '01-01 12-02 12-03',
  KW: '02-25 02-26',
  BH: '12-16 12-17',
  ZA: '01-01 04-27 09-24 12-25',
};
/** Where gifts are bought for Christmas, and Black Friday is known. */
const WITHOUT_CHRISTMAS: readonly string[] = ['TR', 'JP', 'IN', 'AE', 'KW', 'BH'];
const MONTHS = [0.93, 0.92, 0.98, 0.99, 1.01, 1.02, 1.02, 1, 0.99, 1.01, 1.04, 1.09];
const CLOSED = 0.6;
const BLACK_FRIDAY = 1.35;
const CHRISTMAS_SHOPPING = 1.22;

/** The most that a day can have. */
export const BUSIEST_DAY: number = BLACK_FRIDAY * 1.09;

/** How much is paid on a day in a country; see `dayFactors`. */
export function dayFactor(day: number, country: string): number {
  return dayFactors(day)(country);
}

/**
 * How much is paid on a day against an ordinary one: by month, less on holidays, more before Christmas.
 *
 * `day` is midnight of the local day as if it were UTC. The factors are constants of this model.
 */
export function dayFactors(day: number): (country: string) => number {
  const date = new Date(day);
  const monthAndDay = date.toISOString().slice(5, 10);
  const month = MONTHS[date.getUTCMonth()] as number;
  const isChristmas = monthAndDay >= '12-10' && monthAndDay <= '12-23';
  const shopping = isChristmas ? CHRISTMAS_SHOPPING : 1;
  const sale = month * (isBlackFriday(date) ? BLACK_FRIDAY : shopping);
  return (country) => {
    if (fixed[country]?.includes(monthAndDay)) return month * CLOSED;
    return WITHOUT_CHRISTMAS.includes(country) ? month : sale;
  };
}

/** From the Friday after the fourth Thursday of November to the Monday. */
function isBlackFriday(date: Date): boolean {
  const first = new Date(Date.UTC(date.getUTCFullYear(), 10, 1)).getUTCDay();
  const friday = 1 + ((4 - first + 7) % 7) + 21 + 1;
  const sinceFriday = (date.getTime() - Date.UTC(date.getUTCFullYear(), 10, friday)) / 86_400_000;
  return sinceFriday >= 0 && sinceFriday <= 3;
}
