/** Prints what a generated world declares of itself, as JSON, for test/python/realism. */
import { cardSpendSigma } from '../dist/generators/population/cards.js';
import { clockRegions, mainZone } from '../dist/generators/population/cities.js';
import { countries } from '../dist/generators/population/countries.js';
import { merchantCategories } from '../dist/generators/population/merchants.js';
import { DAYS, HOURS } from '../dist/generators/spending/arrival-times.js';
import { currencies } from '../dist/transactions/currency.js';

console.log(
  JSON.stringify({
    hours: HOURS,
    days: DAYS,
    fraudRate: 0.002,
    spendSigma: cardSpendSigma,
    categories: merchantCategories,
    countries: countries.map(({ code, currency, unitsPerUsd }, country) => {
      const minorPerUsd = unitsPerUsd * 10 ** (currencies.get(currency) ?? 2);
      const zones = clockRegions.filter((region) => region.country === country);
      return { code, currency, minorPerUsd, zone: mainZone(country), zones: zones.length };
    }),
  }),
);
