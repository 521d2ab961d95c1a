import type { PageData } from './chart.ts';

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
