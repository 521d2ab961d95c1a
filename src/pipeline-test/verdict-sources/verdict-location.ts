/** Where a pipeline writes its verdicts. `queue` and `stream` are names, URLs or ARNs. */
export type VerdictLocation =
  | { readonly kind: 'kinesis'; readonly stream: string }
  | { readonly kind: 'sqs'; readonly queue: string }
  | { readonly kind: 'dynamodb'; readonly table: string }
  | { readonly kind: 's3'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

/** How the forms are written, for help and messages. */
export const verdictLocationForms =
  'a Kinesis stream, sqs:QUEUE, dynamodb:TABLE, s3://BUCKET/PREFIX/, a file or -';

const FILE = /^-$|[/\\]|\.(nd)?jsonl?$|\.csv$|\.log$|\.txt$/i;

/**
 * Returns the location that a text names, `undefined` for none.
 *
 * What has no prefix is a file when it is `-`, has a slash or an ending of text files, and a stream otherwise; `kinesis:` and
 * `file:` say it.
 */
export function parseVerdictLocation(written: string): VerdictLocation | undefined {
  const [, prefix, rest = ''] = /^(kinesis|sqs|dynamodb|file):(.*)$/s.exec(written) ?? [];
  if (prefix !== undefined && rest === '') return undefined;
  switch (prefix) {
    case 'kinesis':
      return { kind: 'kinesis', stream: rest };
    case 'sqs':
      return { kind: 'sqs', queue: rest };
    case 'dynamodb':
      return { kind: 'dynamodb', table: rest };
    case 'file':
      return { kind: 'file', path: rest };
    default:
      return locationOf(written);
  }
}

function locationOf(written: string): VerdictLocation | undefined {
  if (/^s3:\/\/[^/]/.test(written)) return { kind: 's3', url: written };
  if (written.startsWith('arn:')) return arnLocation(written);
  if (/^https?:\/\/sqs\./.test(written)) return { kind: 'sqs', queue: written };
  if (written === '' || /^[a-z][a-z0-9+.-]*:/i.test(written)) return undefined;
  return FILE.test(written)
    ? { kind: 'file', path: written }
    : { kind: 'kinesis', stream: written };
}

function arnLocation(arn: string): VerdictLocation | undefined {
  switch (arn.split(':')[2]) {
    case 'kinesis':
      return { kind: 'kinesis', stream: arn };
    case 'sqs':
      return { kind: 'sqs', queue: arn };
    case 'dynamodb':
      return { kind: 'dynamodb', table: arn };
    default:
      return undefined;
  }
}
