import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templates } from '../lib/templates.ts';

const folder = join(import.meta.dirname, '..', '..', 'templates');
mkdirSync(folder, { recursive: true });
for (const [name, text] of templates()) writeFileSync(join(folder, name), text);
