/** Few names by small numbers; 0 stands for none. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: (string | undefined)[] = [undefined];

  /** At most 255 names; all others are none. */
  numberOf(name: string | undefined): number {
    if (name === undefined) return 0;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.length;
    if (number > 255) return 0;
    this.#names.push(name);
    this.#numbers.set(name, number);
    return number;
  }

  nameOf(number: number): string | undefined {
    return this.#names[number];
  }
}
