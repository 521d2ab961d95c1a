import type { Chart, PageData } from './charts.ts';

/** What a page is built of besides its own content, as text: the page must need no network. */
export interface PageParts {
  readonly style: string;
  readonly library: { readonly script: string; readonly style: string };
  readonly script: string;
}

/** A page that needs nothing else: one file, light and dark. `body` is HTML. */
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

/** The button that turns night into day; the page follows the system until it is used. */
export const THEME_BUTTON: string =
  '<button type="button" id="theme" aria-pressed="false">Dark</button>';

/** JSON in which no text can end the element that it stands in. */
function embedded(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

/** Text as HTML. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
  return text.replace(/[&<"]/g, (letter) => entities[letter] ?? letter);
}

/** A cell of a table: text as it is, numbers already written. */
export type TableCell = string | { readonly text: string; readonly className: string };

/** The first cell of each row is its heading; columns of `texts` hold words. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly TableCell[])[],
  texts: readonly number[] = [],
): string {
  const nameOf = (place: number): string => (texts.includes(place) ? ' class="text"' : '');
  const head = headings.map(
    (heading, at) => `<th scope="col"${nameOf(at)}>${escaped(heading)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map((cell, at) => cellOf(cell, at, nameOf(at)));
    return `<tr>${cells.join('')}</tr>`;
  });
  const label = escaped(headings[0] ?? '');
  return `<div class="table" tabindex="0" role="group" aria-label="${label}"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function cellOf(cell: TableCell, place: number, className: string): string {
  const { text, ...known } = typeof cell === 'string' ? { text: cell } : cell;
  if (place === 0) return `<th scope="row">${escaped(text)}</th>`;
  const name = 'className' in known ? ` class="${known.className}"` : className;
  return `<td${name}>${escaped(text)}</td>`;
}

/** The place of a chart, and what it says to those who do not see it. */
export function figure({ id, lines }: Chart, title: string, note: string): string {
  const told = `${title}: ${lines.map(({ label }) => label).join(', ')}. ${note}`;
  return `<figure><figcaption>${escaped(title)}</figcaption><div class="chart" id="${id}" role="img" aria-label="${escaped(told)}"></div></figure>`;
}

/** A part of the page; nothing where it has nothing to say. */
export function section(title: string, ...parts: readonly string[]): string {
  const inner = parts.filter((part) => part !== '').join('\n');
  return inner === '' ? '' : `<section>\n<h2>${escaped(title)}</h2>\n${inner}\n</section>`;
}

export function pair(...parts: readonly string[]): string {
  const inner = parts.filter((part) => part !== '');
  return inner.length === 0 ? '' : `<div class="pair">${inner.join('\n')}</div>`;
}
