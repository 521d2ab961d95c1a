import type { Namer } from './merchants.ts';

/**
 * Names from faker, always the same for the same key and release of faker.
 *
 * Loaded only here and only when called: it takes 20 ms. Its names are too slow to draw for each
 * transaction, which is why the population is built once.
 */
export async function fakerNamer(key: number): Promise<Namer> {
  const { faker } = await import('@faker-js/faker/locale/en');
  faker.seed(key);
  return { merchant: () => faker.company.name(), city: () => faker.location.city() };
}
