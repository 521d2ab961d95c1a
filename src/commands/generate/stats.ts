import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { mainZone } from '../../generators/population/cities.ts';
import { countries } from '../../generators/population/countries.ts';
import { utcOffsetHours } from '../../generators/population/time-zones.ts';
import { transactions } from '../../generators/transactions.ts';
import { type WorldSettings, world } from '../../generators/world.ts';
import { Profile, type ProfileReferences } from '../../metrics/transaction-profile.ts';
import { pageParts } from '../../report/html/page-assets.ts';
import { profilePage } from '../../report/html/profile-page.ts';
import { profileText } from '../../report/text/profile-text.ts';
import { writeFileAtomically } from '../../storage/output-file.ts';
import { take } from '../../stream/async-iterables.ts';
import { currencies } from '../../transactions/currency.ts';
import { worldOf } from '../shared/world.ts';
import { writeText_ } from '../shared/write-report.ts';
import type { GenerateValues } from './flags.ts';
import { boundsOf, generationProgress } from './settings.ts';

/** World to numbers: its transactions are counted instead of written. */
export async function generateStats(values: GenerateValues, runtime: Runtime): Promise<ExitCode> {
  if (values.out !== undefined) {
    const message = '--stats writes no transactions: leave out --out, or --stats.';
    throw new FraudstreamError('usage', message);
  }
  const { count, durationMs } = boundsOf(values);
  const settings = { ...(await worldOf(values, runtime)), durationMs };
  const profile = await profileOf(settings, count, values, runtime);
  const summary = profile.summary();
  const text = profileText(summary);
  await writeText_(text, runtime.out);
  if (values.report !== undefined) {
    const name = `A generated world, seed ${settings.seed}`;
    const page = profilePage(name, text[0] ?? '', summary, pageParts());
    await writeFileAtomically(values.report, page);
  }
  return exitCodes.ok;
}

async function profileOf(
  settings: WorldSettings,
  most: number,
  values: GenerateValues,
  runtime: Runtime,
): Promise<Profile> {
  const profile = new Profile(profileReferences());
  const progress = generationProgress(profile, settings, most, values, runtime);
  try {
    for await (const group of take(transactions(await world(settings)), most)) {
      for (const { transaction, label } of group) profile.add(transaction, label);
      // Otherwise nobody else has a turn: neither a signal nor the progress.
      await new Promise(setImmediate);
      if (runtime.stop.aborted) break;
    }
  } finally {
    progress.stop();
  }
  return profile;
}

/** Exchange rates and time zones of the world. */
function profileReferences(): ProfileReferences {
  const zones = new Map(countries.map(({ code }, country) => [code, mainZone(country)]));
  const usdPerMinor = new Map(
    countries.map(({ currency, unitsPerUsd }) => {
      return [currency, 1 / unitsPerUsd / 10 ** (currencies.get(currency) ?? 2)];
    }),
  );
  return {
    usdOf: (amountMinor, currency) => amountMinor * (usdPerMinor.get(currency) ?? Number.NaN),
    utcOffsetHours: (country, atMs) => {
      const zone = zones.get(country);
      return zone === undefined ? 0 : utcOffsetHours(zone, atMs);
    },
  };
}
