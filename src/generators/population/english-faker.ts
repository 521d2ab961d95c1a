import { Random } from '../numbers/random.ts';

/** What is used of faker: modules of methods, and a seed. */
export interface SeededFaker {
  seed(seed: number): unknown;
  setDefaultRefDate(date: Date): void;
  readonly company: { name(): string };
  readonly location: { city(): string };
}

/** The faker of English names; loaded only when called, which takes 20 ms. Callers seed it before each call. */
export async function englishFaker(): Promise<SeededFaker> {
  const { faker } = await import('@faker-js/faker/locale/en');
  return faker;
}

/** What faker asks for random numbers: its own takes 2,500 steps to be seeded, which a value or two do not repay. */
interface Randomizer {
  next(): number;
  seed(seed: number): void;
}

type FakerClass = new (options: { locale: unknown; randomizer: Randomizer }) => SeededFaker;

/** The faker of English names for a few values a seed. They are others than those of `englishFaker`. */
export async function quicklySeededFaker(): Promise<SeededFaker> {
  const { faker } = await import('@faker-js/faker/locale/en');
  const random = new Random(0, 0);
  const randomizer = {
    next: () => random.unit(),
    seed: (seed: number) => random.restart(seed, 0),
  };
  // The class itself is exported only together with all languages, which take 200 ms to load.
  const Faker = faker.constructor as FakerClass;
  return new Faker({ locale: faker.rawDefinitions, randomizer });
}
