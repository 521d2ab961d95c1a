/**
 * Lists exported types (interfaces, type aliases, classes, enums) of src/ whose name is declared in
 * another file too: `npm run lint:types`. Ends with 1 if there are any.
 *
 * A name should lead to one declaration. A type that is not exported may repeat the name of another
 * one that is not; an alias of the very same type (`type Chart = import('./charts.ts').Chart`) is no twin.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(import.meta.dirname, '..', 'src');
const DECLARATION =
  /^(export )?(?:declare )?(?:abstract )?(?:interface|type|class|enum) (\w+)(.*)$/gm;

/** @type {Map<string, { path: string, isExported: boolean }[]>} */
const declarations = new Map();
for (const path of readdirSync(source, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!path.endsWith('.ts') || path.endsWith('.test.ts') || path.endsWith('.d.ts')) continue;
  const code = readFileSync(join(source, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|`[^`]*`/g, '');
  for (const [, exported, name, rest] of code.matchAll(DECLARATION)) {
    if (new RegExp(`import\\([^)]*\\)\\.${name};`).test(rest)) continue;
    const known = declarations.get(name) ?? [];
    if (known.some((one) => one.path === path)) continue;
    declarations.set(name, [...known, { path, isExported: exported !== undefined }]);
  }
}

const twins = [...declarations]
  .filter(([, all]) => all.length > 1 && all.some(({ isExported }) => isExported))
  .sort(([a], [b]) => a.localeCompare(b));
for (const [name, all] of twins) {
  const files = all.map(({ path, isExported }) => `${path}${isExported ? '' : ' (not exported)'}`);
  console.error(`${name} is declared in ${files.join(', ')}: rename all but one.`);
}
console.log(`${declarations.size} type names, ${twins.length} declared twice`);
process.exitCode = twins.length > 0 ? 1 : 0;
