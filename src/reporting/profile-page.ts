import type { ProfileSummary } from './profile.ts';
import { CHART_SCRIPT, PAGE_STYLE } from './profile-page-parts.ts';
import { type Section, sections } from './profile-sections.ts';

/** The chart library as text, to be put into the page. */
export interface ChartLibrary {
  readonly script: string;
  readonly style: string;
}

/** A profile as one page that needs nothing else: charts, and each as a table as well. */
export function profilePage(
  title: string,
  lead: string,
  profile: ProfileSummary,
  library: ChartLibrary,
): string {
  const views = sections(profile).filter(({ rows }) => rows.length > 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${library.style}${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(lead)}</p>
${views.map(figure).join('\n')}
</main>
<script>${library.script}</script>
<script type="application/json" id="charts">${dataOf(views)}</script>
<script>${CHART_SCRIPT}</script>
</body>
</html>
`;
}

function figure(section: Section, place: number): string {
  const { title, chart } = section;
  const caption = `<figcaption><h2>${escaped(title)}</h2></figcaption>`;
  if (!chart) return `<figure>${caption}${tableOf(section)}</figure>`;
  const canvas = `<div class="chart" id="chart-${place}" role="img" aria-label="${escaped(title)}; the table below says the same"></div>`;
  const table = `<details><summary>As a table</summary>${tableOf(section)}</details>`;
  return `<figure>${caption}${canvas}${table}</figure>`;
}

function tableOf({ headings, rows }: Section): string {
  const head = headings.map((heading) => `<th scope="col">${escaped(heading)}</th>`).join('');
  const body = rows.map(({ label, cells }) => {
    const numbers = cells.map((cell) => `<td>${escaped(cell)}</td>`).join('');
    return `<tr><th scope="row">${escaped(label)}</th>${numbers}</tr>`;
  });
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** What the charts show; no text in it can end the element that it stands in. */
function dataOf(views: readonly Section[]): string {
  const charts = views.flatMap(({ title, headings, rows, chart }, place) =>
    chart
      ? [
          {
            id: `chart-${place}`,
            title,
            kind: chart.kind,
            xLabel: headings[0],
            yLabel: chart.yLabel,
            labels: rows.map(({ label }) => label),
            x: rows.map(({ at }, row) => at ?? row),
            y: rows.map(({ value }) => value),
          },
        ]
      : [],
  );
  return JSON.stringify(charts).replaceAll('<', '\\u003c');
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
  return text.replace(/[&<"]/g, (letter) => entities[letter] ?? letter);
}
