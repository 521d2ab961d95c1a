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
