import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import type { CodecSettings, PayloadCodec } from '../contract/payload-codec.ts';
import { openCodec } from './contract-codecs.ts';

/** Written by test/python/contract_vectors.py with fastavro and Google's protobuf. */
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'contracts', 'codecs');
const scratch = mkdtempSync(join(tmpdir(), 'fraudstream-codecs-'));
after(() => rmSync(scratch, { recursive: true }));

interface Vector {
  readonly value: Record<string, unknown>;
  readonly hex: string;
}

function vectors(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8'), (_, value) => {
    if (typeof value?.$long === 'string') return BigInt(value.$long);
    return typeof value?.$hex === 'string' ? Buffer.from(value.$hex, 'hex') : value;
  });
}

const avro: CodecSettings = { format: 'avro', schema: 'everything.avsc' };
const protobuf: CodecSettings = {
  format: 'protobuf',
  schema: 'everything.proto',
  message: 'shop.Everything',
};

const reasonOf = (codec: PayloadCodec, bytes: Uint8Array): string => {
  const decoded = codec.decode(bytes);
  return 'reason' in decoded ? decoded.reason : '';
};

for (const settings of [avro, protobuf]) {
  const { format } = settings;

  test(`${format}: the bytes of another implementation are read and written, each value as it is`, async () => {
    const codec = await openCodec(settings, fixtures);
    for (const { value, hex } of vectors(format)) {
      assert.deepEqual(codec.decode(Buffer.from(hex, 'hex')), { value });
      assert.equal(Buffer.from(codec.encode(value)).toString('hex'), hex);
    }
  });

  test(`${format}: bytes cut off, changed or made up are a reason in bounded time, never a crash`, async () => {
    const codec = await openCodec(settings, fixtures);
    const [{ hex } = { hex: '' }] = vectors(format);
    const whole = Buffer.from(hex, 'hex');
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let at = 0; at < 4_000; at += 1) {
      const bytes = Buffer.from(whole.subarray(0, random(whole.length + 1)));
      for (let change = 0; change < at % 4; change += 1) {
        if (bytes.length > 0) bytes[random(bytes.length)] = random(256);
      }
      const decoded = codec.decode(bytes);
      assert.ok('reason' in decoded || 'value' in decoded);
    }
  });

  test(`${format}: in the framing of Glue and Confluent, plain and compressed, and no other`, async () => {
    const plain = await openCodec(settings, fixtures);
    const [{ value } = { value: {} }] = vectors(format);
    const payload = Buffer.from(plain.encode(value));
    const id = '6d7f1c2e-0b1a-4c3d-9e8f-001122334455';
    const glue = (compression?: 'none' | 'zlib'): Promise<PayloadCodec> =>
      openCodec({ ...settings, framing: { glue: { schemaVersionId: id, compression } } }, fixtures);
    const uuid = Buffer.from(id.replaceAll('-', ''), 'hex');
    // The file has the messages Everything, Everything.Link and Other, in this order: Everything is the first.
    const glueIndex = Buffer.alloc(format === 'protobuf' ? 1 : 0);
    const body = Buffer.concat([glueIndex, payload]);
    const unpacked = Buffer.concat([Buffer.from([3, 0]), uuid, body]);
    const packed = Buffer.concat([Buffer.from([3, 5]), uuid, deflateSync(body)]);
    assert.deepEqual(Buffer.from((await glue()).encode(value)), unpacked);
    assert.deepEqual(Buffer.from((await glue('zlib')).encode(value)), packed);
    for (const bytes of [unpacked, packed])
      assert.deepEqual((await glue()).decode(bytes), { value });

    const confluent = await openCodec(
      { ...settings, framing: { confluent: { id: 258 } } },
      fixtures,
    );
    // Confluent counts in the order of the file, in which Other comes first: one index, 1, in zigzag.
    const index = Buffer.from(format === 'protobuf' ? [2, 2] : []);
    const framed = Buffer.concat([Buffer.from([0, 0, 0, 1, 2]), index, payload]);
    assert.deepEqual(Buffer.from(confluent.encode(value)), framed);
    assert.deepEqual(confluent.decode(framed), { value });

    const codec = await glue();
    const other = Buffer.from(unpacked);
    other[17] = 0;
    assert.match(reasonOf(codec, other), /has schema version 6d7f1c2e-0b1a-4c3d-9e8f-001122334400/);
    assert.match(reasonOf(codec, framed), /has framing version 0x00, not 0x03/);
    assert.match(reasonOf(codec, unpacked.subarray(0, 10)), /has 10 bytes, less than the 18/);
    const odd = Buffer.from(unpacked);
    odd[1] = 7;
    assert.match(reasonOf(codec, odd), /has compression 0x07/);
    const bomb = deflateSync(Buffer.alloc(50_000_000));
    const inflating = Buffer.concat([Buffer.from([3, 5]), uuid, bomb]);
    assert.match(reasonOf(codec, inflating), /inflates to more than/);
    const damaged = Buffer.concat([Buffer.from([3, 5]), uuid, payload]);
    assert.match(reasonOf(codec, damaged), /is not zlib/);
    assert.match(reasonOf(confluent, unpacked), /has framing version 0x03, not 0x00/);
    assert.match(reasonOf(confluent, Buffer.from([0, 0, 0, 1, 3, 2, 2])), /has schema id 259/);
  });
}

test('Avro: counts that no bytes stand for, deep nesting and texts that are no UTF-8 are refused', async () => {
  const schemas: Readonly<Record<string, object>> = {
    nulls: { type: 'array', items: 'null' },
    longs: { type: 'array', items: 'long' },
    list: { type: 'record', name: 'L', fields: [{ name: 'n', type: ['null', 'L'] }] },
    text: { type: 'string' },
  };
  const codecs: Record<string, PayloadCodec> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    writeFileSync(join(scratch, `${name}.avsc`), JSON.stringify(schema));
    codecs[name] = await openCodec({ format: 'avro', schema: `${name}.avsc` }, scratch);
  }
  const many = Buffer.from('feffffffff3f', 'hex');
  assert.match(reasonOf(codecs.nulls as PayloadCodec, many), /items without bytes/);
  assert.match(reasonOf(codecs.longs as PayloadCodec, many), /ends within a value/);
  assert.match(
    reasonOf(codecs.list as PayloadCodec, Buffer.alloc(2_000_000, 2)),
    /nested too deeply/,
  );
  assert.match(reasonOf(codecs.text as PayloadCodec, Buffer.from([4, 0xff, 0xff])), /not UTF-8/);
  assert.match(reasonOf(codecs.text as PayloadCodec, Buffer.from([0x7f])), /ends within/);
  assert.match(reasonOf(codecs.text as PayloadCodec, Buffer.from([2, 0x61, 0])), /1 bytes behind/);
});

test('Protobuf: deep nesting and texts that are no UTF-8 are refused', async () => {
  const codec = await openCodec(protobuf, fixtures);
  assert.match(reasonOf(codec, Buffer.from([0x0a, 2, 0xff, 0xfe])), /not .*UTF-8/i);
  assert.equal(reasonOf(codec, Buffer.from([0x0a, 3, 0xef, 0xbf, 0xbd])), '');
  let inner = Buffer.alloc(0);
  for (let depth = 0; depth < 2_000; depth += 1) {
    const length = Buffer.from([(inner.length & 0x7f) | 0x80, inner.length >> 7]);
    inner = Buffer.concat([Buffer.from([0x12]), length, inner]);
  }
  const length = Buffer.from([(inner.length & 0x7f) | 0x80, inner.length >> 7]);
  const deep = Buffer.concat([Buffer.from([0x82, 0x01]), length, inner]);
  assert.match(reasonOf(codec, deep), /is not of message Everything/);
});

test('a value that does not fit is an error that names the field, never another value', async () => {
  const avroCodec = await openCodec(avro, fixtures);
  const protobufCodec = await openCodec(protobuf, fixtures);
  const [{ value } = { value: {} }] = vectors('avro');
  const wrong: readonly (readonly [PayloadCodec, object, RegExp])[] = [
    [
      avroCodec,
      { ...value, big: 2 ** 53 },
      /: \/big must be a whole number of 64 bits, not 9007199254740992/,
    ],
    [avroCodec, { ...value, big: '5' }, /: \/big must be a whole number/],
    [avroCodec, { ...value, small: 2 ** 31 }, /: \/small must be a whole number of 32 bits/],
    [avroCodec, { ...value, ratio: 0.1 }, /: \/ratio must be a number that a float holds exactly/],
    [
      avroCodec,
      { ...value, action: 'BLOCK' },
      /: \/action must be one of APPROVE, REVIEW, DECLINE, not "BLOCK"/,
    ],
    [avroCodec, { ...value, amount: '12.505' }, /: \/amount must have 2 digits behind the point/],
    [avroCodec, { ...value, amount: '12345678901.00' }, /: \/amount must have 12 digits at most/],
    [avroCodec, { ...value, uuid: 'x' }, /: \/uuid must be a UUID/],
    [avroCodec, { ...value, chain: { name: 5 } }, /: \/chain\/name must be a text, not 5/],
    [avroCodec, { ...value, colour: 'red' }, /: \/colour is no field of shop\.Everything/],
    [avroCodec, { ...value, id: undefined }, /: \/id must be a text, and is absent/],
    [protobufCodec, { small: 1.5 }, /: \/small must be a whole number from -2147483648/],
    [protobufCodec, { unsigned_big: -1 }, /: \/unsigned_big must be a whole number from 0/],
    [protobufCodec, { chain: { next: { name: 1 } } }, /: \/chain\/next\/name must be a text/],
    [protobufCodec, { colour: 'red' }, /: \/colour is no field of Everything/],
    [protobufCodec, { action: 'BLOCK' }, /: \/action must be one of/],
  ];
  for (const [codec, given, message] of wrong)
    assert.throws(() => codec.encode(given), { message });
  const { reason: _, note: __, chain: ___, ...least } = value as Vector['value'];
  assert.deepEqual(avroCodec.decode(avroCodec.encode(least)), {
    value: { ...least, reason: null, note: null, chain: null },
  });
});

test('a schema that is none, a message that is not there and a missing file are named', async () => {
  writeFileSync(join(scratch, 'bad.avsc'), '{"type": "recrod"}');
  writeFileSync(join(scratch, 'bad.proto'), 'message {');
  const refused: readonly (readonly [CodecSettings, RegExp])[] = [
    [{ format: 'avro', schema: 'nowhere.avsc' }, /nowhere\.avsc cannot be read/],
    [{ format: 'avro', schema: 'bad.avsc' }, /bad\.avsc is no Avro schema: .*recrod/],
    [{ format: 'protobuf', schema: 'bad.proto' }, /bad\.proto is no Protobuf schema/],
  ];
  for (const [settings, message] of refused) {
    await assert.rejects(openCodec(settings, scratch), { code: 'bad-config', message });
  }
  const { message: _, ...unnamed } = protobuf;
  await assert.rejects(
    openCodec(unnamed, fixtures),
    /has 3 messages: write message: with one of shop/,
  );
  await assert.rejects(
    openCodec({ ...protobuf, message: 'shop.Nothing' }, fixtures),
    /has no message shop\.Nothing, only shop\.Other, shop\.Everything/,
  );
});
