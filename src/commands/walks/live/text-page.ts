/** A report in lines as a page of its own. */
export function textPage(title: string, lines: readonly string[]): string {
  const escaped = lines.join('\n').replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>:root { color-scheme: light dark } pre { margin: 1rem; font: 13px ui-monospace, monospace; overflow-x: auto }</style>
<pre>${escaped}</pre>
</html>
`;
}
