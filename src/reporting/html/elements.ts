import type { Chart } from './chart.ts';
import { escaped } from './shell.ts';

/** A cell of a table: text as it is, numbers already written. */
export type Cell = string | { readonly text: string; readonly className: string };

/** The first cell of each row is its heading; columns of `texts` hold words. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
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

function cellOf(cell: Cell, place: number, className: string): string {
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
