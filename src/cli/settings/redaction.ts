import { otlpHeaders } from '../../report/otlp-settings.ts';
import { REDACTED, redactedUrls, type Secrets } from '../../text/secrets.ts';
import type { Setting } from './define-setting.ts';
import type { SettingSource } from './setting-source.ts';

/** Variables of the AWS tools that hold secrets, and those that hold addresses. */
const SECRET_VARIABLES = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
/** Headers whose values are words of every report. */
const COMMON_HEADER = /^(accept|content|user-agent|cache-control)\b/i;
const URL_VARIABLE = /^AWS_ENDPOINT_URL|^OTEL_EXPORTER_OTLP_(METRICS_)?ENDPOINT$/;

/** A setting, the texts it was given, and where. */
interface GivenTexts {
  readonly setting: Setting<unknown>;
  readonly source: SettingSource;
  readonly texts: readonly string[] | undefined;
}

/** Makes known what the settings of a command and its environment hold of secrets. */
export function noteSecrets(
  secrets: Secrets,
  resolved: readonly GivenTexts[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  for (const { setting, texts = [], source } of resolved) {
    if (source.kind !== 'default') for (const text of texts) note(secrets, setting, text);
  }
  secrets.add(...SECRET_VARIABLES.map((name) => env[name]));
  for (const [name, value] of Object.entries(otlpHeaders(env))) noteHeader(secrets, name, value);
  for (const [name, text] of Object.entries(env)) {
    if (URL_VARIABLE.test(name) && text) secrets.addUrl(text);
  }
}

function note(secrets: Secrets, { parser: { secret } }: Setting<unknown>, text: string): void {
  if (secret === 'url') secrets.addUrl(text);
  if (secret === 'whole') secrets.add(text);
  if (secret !== 'pairs') return;
  const [, name = '', value = ''] = /^([^:=]+)[:=]\s*(.*)$/s.exec(text) ?? [];
  noteHeader(secrets, name, value);
}

function noteHeader(secrets: Secrets, name: string, value: string): void {
  if (COMMON_HEADER.test(name)) return;
  // "Bearer abc": the scheme is no secret, and what follows is one by itself.
  secrets.add(value, value.replace(/^[A-Za-z][\w-]*\s+/, ''));
}

/** The texts of a setting as they are shown: in reports, by --print-config, in complaints. */
export function shownTexts(
  { parser: { secret } }: Setting<unknown>,
  texts: readonly string[],
): readonly string[] {
  return texts.map((text) => {
    if (secret === 'whole') return REDACTED;
    if (secret === 'pairs')
      return text.replace(/^([^:=]*)([:=]).*$/s, `$1$2${REDACTED}`).replace(/^[^:=]*$/s, REDACTED);
    // Without its scheme an address is none, and its password still one.
    return redactedUrls(secret === 'url' ? text.replace(/^[^/?#]*@/, `${REDACTED}@`) : text);
  });
}
