import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import avsc from 'avsc';

const typeOf = (name) =>
  avsc.Type.forSchema(JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')));
const transaction = typeOf('transaction.avsc');
const decision = typeOf('verdict.avsc');
/** Version 3, no compression, UUID of the schema version. */
const header = Buffer.from('03000f0e0d0c0b0a49088706050403020100', 'hex');

export const read = (data) => {
  const { eventId, amount } = transaction.fromBuffer(inflateSync(Buffer.from(data).subarray(18)));
  return { id: eventId, isFraud: amount.length > 2 };
};

export const verdict = (eventId, isFraud) => {
  const fraud = { probability: isFraud ? 0.9 : 0.1, action: isFraud ? 'DECLINE' : 'APPROVE' };
  return Buffer.concat([header, decision.toBuffer({ eventId, fraud })]);
};
