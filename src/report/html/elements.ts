import type { Chart, PageData } from './charts.ts';

/** Style, scripts and chart library of a page, as text: the page must need no network. */
export interface PageParts {
  readonly style: string;
  readonly library: { readonly script: string; readonly style: string };
  readonly script: string;
}

/** Returns a page in one file, light and dark. `body` is HTML. */
export function page(title: string, body: string, data: PageData, parts: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${parts.library.style}${parts.style}</style>
</head>
<body>
<main>
${body}
</main>
<span id="probe"></span>
<script>${parts.library.script}</script>
<script type="application/json" id="data">${embedded(data)}</script>
<script>${parts.script}</script>
</body>
</html>
`;
}

/** The button that switches between light and dark; until then the page follows the system. */
const THEME_BUTTON = '<button type="button" id="theme" aria-pressed="false">Dark</button>';

/** Returns the head of a page: its title, the theme button, and a line of text. */
export function header(title: string, line: string): string {
  return `<header><div class="top"><h1>${escaped(title)}</h1>${THEME_BUTTON}</div><p class="soft">${escaped(line)}</p></header>`;
}

/** Returns JSON in which no text can end the script element around it. */
function embedded(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

/** Escapes a text for HTML. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
  return text.replace(/[&<"]/g, (character) => entities[character] ?? character);
}

/** A cell of a table: its text, and a class for its style. */
export type TableCell = string | { readonly text: string; readonly className: string };

/** Returns a table. The first cell of each row is its heading; `texts` are the columns of words. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly TableCell[])[],
  texts: readonly number[] = [],
): string {
  const classOf = (column: number): string => (texts.includes(column) ? ' class="text"' : '');
  const head = headings.map(
    (heading, column) =>
      `<th scope="col" role="columnheader"${classOf(column)}>${escaped(heading)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map((cell, column) =>
      cellOf(cell, column, classOf(column), headings[column] ?? ''),
    );
    return `<tr role="row">${cells.join('')}</tr>`;
  });
  const label = escaped(headings[0] ?? '');
  const wide = headings.length > FEW_COLUMNS ? ' wide' : '';
  // A table that is shown as a list is no table to a screen reader without its roles.
  return `<div class="table${wide}" tabindex="0" role="group" aria-label="${label}"><table role="table"><thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead><tbody role="rowgroup">${body.join('')}</tbody></table></div>`;
}

/** Columns that fit on a phone; a wider table is a list there. */
const FEW_COLUMNS = 3;

function cellOf(cell: TableCell, column: number, className: string, heading: string): string {
  const { text, ...known } = typeof cell === 'string' ? { text: cell } : cell;
  if (column === 0) return `<th scope="row" role="rowheader">${escaped(text)}</th>`;
  const name = 'className' in known ? ` class="${known.className}"` : className;
  return `<td role="cell"${name} data-label="${escaped(heading)}">${escaped(text)}</td>`;
}

/** Returns the element that a chart is drawn into, with a label for screen readers. */
export function figure({ id, lines }: Chart, title: string, note: string): string {
  const label = `${title}: ${lines.map(({ label }) => label).join(', ')}. ${note}`;
  return `<figure><figcaption>${escaped(title)}</figcaption><div class="chart" id="${id}" role="img" aria-label="${escaped(label)}"></div></figure>`;
}

/** Returns a section with a heading; nothing if all parts are empty. */
export function section(title: string, ...parts: readonly string[]): string {
  const inner = parts.filter((part) => part !== '').join('\n');
  return inner === '' ? '' : `<section>\n<h2>${escaped(title)}</h2>\n${inner}\n</section>`;
}

/** Returns an element that is closed until it is opened. `body` is HTML. */
export function details(summary: string, body: string): string {
  return `<details><summary>${escaped(summary)}</summary>${body}</details>`;
}

/** Puts parts beside each other. */
export function pair(...parts: readonly string[]): string {
  const inner = parts.filter((part) => part !== '');
  return inner.length === 0 ? '' : `<div class="pair">${inner.join('\n')}</div>`;
}
