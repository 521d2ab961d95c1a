import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';

/** File, line and column in a frame: `at put (/…/bundle/put-thread.cjs:12:5)`. */
const POSITION = /(?:file:\/\/)?([^\s()]+\.cjs):(\d+):(\d+)/;

/**
 * Returns the frames of a stack with the modules in place of the bundle that was made of them.
 *
 * A frame of a file without a source map stays as it is.
 */
export function sourceFrames(frames: readonly string[]): readonly string[] {
  return frames.map((frame) => frame.replace(POSITION, sourcePosition));
}

function sourcePosition(position: string, path: string, line: string, column: string): string {
  try {
    const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in entry)) return position;
    const source = join(path, '..', entry.originalSource);
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  } catch {
    return position;
  }
}
