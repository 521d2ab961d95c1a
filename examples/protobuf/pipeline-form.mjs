import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const root = protobuf.loadSync(fileURLToPath(new URL('payments.proto', import.meta.url)));
const payment = root.lookupType('shop.Payment');
const decision = root.lookupType('shop.Decision');
/** Version 0, four bytes of the id, and 0 for the first message of the file. */
const HEADER_BYTES = 6;

export const read = (data) => {
  const { id, amountMinor } = payment.decode(Buffer.from(data).subarray(HEADER_BYTES)).toJSON();
  return { id, isFraud: Number(amountMinor) > 10_000 };
};

export const verdict = (id, isFraud) =>
  decision.encode({ id, points: isFraud ? 900 : 100, action: isFraud ? 1 : 0 }).finish();
