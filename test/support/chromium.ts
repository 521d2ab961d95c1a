import { execFileSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

/** Why there is no browser to test with; false where there is one, or has to be. */
export const whyNoBrowser: string | false = whyMissing();

/** A headless Chromium of this machine. */
export function browser(): Promise<Browser> {
  return chromium.launch({ executablePath: pathOf(), args: ['--no-sandbox'] });
}

function whyMissing(): string | false {
  if (process.env.FRAUDSTREAM_REQUIRE_ALL === '1') return false;
  try {
    pathOf();
    return false;
  } catch {
    return 'there is no chromium on the path: apt-get install chromium, or set FRAUDSTREAM_CHROMIUM';
  }
}

function pathOf(): string {
  const { FRAUDSTREAM_CHROMIUM: path } = process.env;
  return path ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
}
