import type { ProfileSummary } from '../../metrics/transaction-profile.ts';
import { type ProfileTable, profileTables } from '../document/profile-tables.ts';
import type { Chart } from './charts.ts';
import { details, figure, header, type PageParts, page, section, table } from './elements.ts';

/** Returns a profile as one HTML page that needs no network: charts, and each as a table as well. */
export function profilePage(
  title: string,
  lead: string,
  profile: ProfileSummary,
  parts: PageParts,
): string {
  const views = profileTables(profile)
    .filter(({ rows }) => rows.length > 0)
    .map((view, index) => ({ view, chart: chartOf(view, `chart-${index}`) }));
  const body = views.map(({ view, chart }) => viewSection(view, chart));
  const charts = views.flatMap(({ chart }) => chart ?? []);
  return page(title, [header(title, lead), ...body].join('\n'), { charts }, parts);
}

function viewSection({ title, headings, rows }: ProfileTable, chart: Chart | undefined): string {
  const cells = table(
    headings,
    rows.map((row) => [row.label, ...row.cells]),
  );
  if (!chart) return section(title, cells);
  return section(
    title,
    figure(chart, chart.y.label, 'The table has the same figures.'),
    details('As a table', cells),
  );
}

function chartOf({ headings, rows, chart }: ProfileTable, id: string): Chart | undefined {
  if (!chart) return undefined;
  const values = rows.map(({ value }) => value);
  const isOverTime = chart.form === 'lines';
  const x = rows.map(({ at }, index) => at ?? index);
  return {
    id,
    form: chart.form,
    x: { label: headings[0] ?? '', unit: isOverTime ? 'date-time' : 'name', values: x },
    y: { label: chart.yLabel, unit: 'count' },
    ...(!isOverTime && { names: rows.map(({ label }) => label) }),
    lines: [{ label: chart.yLabel, colour: 'mark', values }],
  };
}
