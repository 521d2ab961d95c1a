/**
 * Turns the value of one record into its bytes and back, in a form that has a schema.
 *
 * Values are those of JSON, and besides: integers past 2^53 are `bigint`, binary fields `Uint8Array`. `encode`
 * takes what a payload template makes (texts, numbers, booleans, null, objects, arrays; absent fields are left out) and
 * throws an `Error` that says which field does not fit the schema. `decode` never throws: bytes that are not of the
 * schema or the framing are a reason, such as `has framing version 0x04, not 0x03`.
 */
export interface PayloadCodec {
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): DecodedPayload;
}

/** The value of a record, or why its bytes have none. */
export type DecodedPayload = { readonly value: unknown } | { readonly reason: string };

/** What stands before a payload: the header of a schema registry. */
export type Framing =
  | {
      /** AWS Glue Schema Registry: 0x03, compression, UUID of the schema version, payload. */
      readonly glue: {
        readonly schemaVersionId?: string | undefined;
        /** Looked up when the contract is loaded, where no version is given. */
        readonly registry?: string | undefined;
        readonly schemaName?: string | undefined;
        readonly compression?: 'none' | 'zlib' | undefined;
      };
    }
  | {
      /** Confluent Schema Registry: 0, four bytes of the schema's id, payload. */
      readonly confluent: { readonly id: number };
    };

/**
 * What a section of a contract says of its codec.
 *
 *     format: avro
 *     schema: transaction.avsc      # beside the contract file
 *     message: shop.Transaction     # protobuf only
 *     framing: { glue: { schema-version-id: 6d7f... } }
 */
export interface CodecSettings {
  readonly format: 'avro' | 'protobuf';
  readonly schema: string;
  readonly message?: string | undefined;
  readonly framing?: Framing | undefined;
}
