import { hash } from '../numbers/random.ts';
import { englishFaker } from './english-faker.ts';
import type { Namer } from './merchants.ts';

const MERCHANT_SALT = 61;
const CITY_SALT = 62;

/**
 * Names from faker, always the same for the same key, number and release of faker.
 *
 * Loaded only here and only when called: it takes 20 ms. Its names are too slow to draw for each
 * transaction; they are drawn when a merchant is first met, in whatever order that is.
 */
export async function fakerNamer(key: number): Promise<Namer> {
  const faker = await englishFaker();
  const seeded = (number: number, salt: number) => {
    faker.seed(hash(key, number, salt) >>> 0);
    return faker;
  };
  return {
    merchant: (number) => seeded(number, MERCHANT_SALT).company.name(),
    city: (number) => seeded(number, CITY_SALT).location.city(),
  };
}
