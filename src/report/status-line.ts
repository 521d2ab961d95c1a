const ESC = '\u001b';
const HIDE_CURSOR = `${ESC}[?25l`;
const SHOW_CURSOR = `${ESC}[?25h`;
const ERASE_LINE = `\r${ESC}[K`;

/** A terminal, as much of it as a status line needs. */
export interface StatusTerminal {
  readonly columns: number;
  write(text: string): unknown;
}

/**
 * The last line of a terminal, drawn over and over.
 *
 * Whoever writes other text to the same terminal calls `erase` before: nothing of the line stays, and it
 * comes again with the next `show`. It never wraps: what does not fit is cut.
 */
export class StatusLine {
  readonly #terminal: StatusTerminal;
  #isShown = false;
  #isCursorHidden = false;

  constructor(terminal: StatusTerminal) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    const characters = [...text];
    // In the last column some terminals wrap.
    const most = this.#terminal.columns - 1;
    const cut = characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
    const hide = this.#isCursorHidden ? '' : HIDE_CURSOR;
    this.#isShown = true;
    this.#isCursorHidden = true;
    this.#terminal.write(`${hide}\r${cut}${ESC}[K`);
  }

  /** Takes the line away before other text. */
  erase(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#terminal.write(ERASE_LINE);
  }

  /** Takes the line away for good. */
  end(): void {
    this.erase();
    if (!this.#isCursorHidden) return;
    this.#isCursorHidden = false;
    this.#terminal.write(SHOW_CURSOR);
  }
}
