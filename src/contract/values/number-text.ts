/**
 * A JSON number as it was written, where a double would not give the same text back: `12345678901234567890`, `1.0`, `1e3`.
 */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  /** A double, as `JSON.stringify` wants one. */
  toJSON(): number {
    return Number(this.text);
  }
}
