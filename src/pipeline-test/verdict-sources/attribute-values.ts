import type { AttributeValue } from '@aws-sdk/client-dynamodb-streams';

type Image = Readonly<Record<string, AttributeValue>>;

/** A number as JSON writes it. DynamoDB has up to 38 digits: they stay as they are. */
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Returns an item of DynamoDB as plain JSON.
 *
 * Numbers keep their digits, binary values are Base64, sets are arrays. Errors: throws for a value of no known type.
 */
export function itemJson(image: Image): string {
  const fields = Object.entries(image).map(
    ([name, value]) => `${JSON.stringify(name)}:${valueJson(value)}`,
  );
  return `{${fields.join(',')}}`;
}

function valueJson(value: AttributeValue): string {
  if (value.S !== undefined) return JSON.stringify(value.S);
  if (value.N !== undefined) return numberJson(value.N);
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.NULL !== undefined) return 'null';
  if (value.M !== undefined) return itemJson(value.M);
  if (value.L !== undefined) return list(value.L.map(valueJson));
  if (value.SS !== undefined) return list(value.SS.map((text) => JSON.stringify(text)));
  if (value.NS !== undefined) return list(value.NS.map(numberJson));
  if (value.B !== undefined) return base64Json(value.B);
  if (value.BS !== undefined) return list(value.BS.map(base64Json));
  throw new Error(`attribute value of an unknown type: ${Object.keys(value).join(', ')}`);
}

function list(values: readonly string[]): string {
  return `[${values.join(',')}]`;
}

function numberJson(digits: string): string {
  if (JSON_NUMBER.test(digits)) return digits;
  throw new Error(`N is "${digits.slice(0, 50)}", which is not a number`);
}

function base64Json(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).toString('base64'));
}
