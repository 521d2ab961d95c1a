/** The faker of English names; loaded only when called, which takes 20 ms. Callers seed it before each call. */
export async function englishFaker() {
  const { faker } = await import('@faker-js/faker/locale/en');
  return faker;
}
