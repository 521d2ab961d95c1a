/** A text without its percent encoding; one that is not validly encoded, such as with a bare "%", as it is. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
