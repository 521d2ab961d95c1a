import { labelLine, truthFields } from '../../transactions/label.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import type { Identifiers } from '../writing/identifiers.ts';
import { LineWriter, LONGEST_LINE_BYTES } from '../writing/line-writer.ts';
import { labelOf } from '../writing/transaction.ts';
import { CsvRow } from './csv-row.ts';
import { fieldsOf, type LineForm } from './line-fields.ts';

/** Writes one line of a draft, newline included, from a place on; says where it ends. */
export interface TrackWriter {
  aim(bytes: Uint8Array): void;
  write(draft: TransactionDraft, at: number): number;
}

const LINE_FEED = 0x0a;
const ID_LENGTH = 26;
const encoder = new TextEncoder();
/** What a line says behind its transaction when there is no fraud. */
const GENUINE = encoder.encode(
  ',"is_fraud":false,"fraud_scenario":null,"campaign_id":null,"reported_at":null}',
);

/** A writer for each track of a form. */
export function trackWriters(
  form: LineForm,
  scene: Scene,
  names: Identifiers,
): readonly TrackWriter[] {
  const own = new TransactionWriter(scene, names);
  const lines =
    form.labels === 'inline'
      ? [new InlineWriter(own, scene, names)]
      : [own, ...(form.labels === 'sidecar' ? [new LabelWriter(scene, names)] : [])];
  if (form.format === 'ndjson') return lines;
  return lines.map((line, index) => new CsvWriter(line, fieldsOf(form)[index] ?? []));
}

class TransactionWriter implements TrackWriter {
  readonly #names: Identifiers;
  readonly #writer: LineWriter;
  readonly #id = new DataView(new ArrayBuffer(ID_LENGTH + 6));
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(scene: Scene, names: Identifiers) {
    this.#names = names;
    this.#writer = new LineWriter(scene, names);
  }

  aim(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#writer.aim(bytes);
  }

  write(draft: TransactionDraft, at: number): number {
    this.#names.writeTransaction(this.#id, 0, draft.sequence);
    const end = this.#writer.write(draft, this.#id, 0, at);
    this.#bytes[end] = LINE_FEED;
    return end + 1;
  }
}

/** The transaction with its label's fields behind its own. */
class InlineWriter implements TrackWriter {
  readonly #own: TransactionWriter;
  readonly #scene: Scene;
  readonly #names: Identifiers;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(own: TransactionWriter, scene: Scene, names: Identifiers) {
    this.#own = own;
    this.#scene = scene;
    this.#names = names;
  }

  aim(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#own.aim(bytes);
  }

  write(draft: TransactionDraft, at: number): number {
    // Over the brace and the newline of the transaction.
    const behind = this.#own.write(draft, at) - 2;
    const truth = draft.scenario === 0 ? GENUINE : this.#fraud(draft);
    this.#bytes.set(truth, behind);
    this.#bytes[behind + truth.length] = LINE_FEED;
    return behind + truth.length + 1;
  }

  #fraud(draft: TransactionDraft): Uint8Array {
    const fields = JSON.stringify(
      labelOf(draft, this.#scene, this.#names),
      truthFields as string[],
    );
    return encoder.encode(`,${fields.slice(1)}`);
  }
}

class LabelWriter implements TrackWriter {
  readonly #scene: Scene;
  readonly #names: Identifiers;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(scene: Scene, names: Identifiers) {
    this.#scene = scene;
    this.#names = names;
  }

  aim(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  write(draft: TransactionDraft, at: number): number {
    const line = `${labelLine(labelOf(draft, this.#scene, this.#names))}\n`;
    return at + encoder.encodeInto(line, this.#bytes.subarray(at)).written;
  }
}

/** The lines of another writer as rows of CSV. */
class CsvWriter implements TrackWriter {
  readonly #lines: TrackWriter;
  readonly #row: CsvRow;
  readonly #line = new Uint8Array(LONGEST_LINE_BYTES);
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(lines: TrackWriter, fields: readonly string[]) {
    this.#lines = lines;
    this.#row = new CsvRow(fields);
    lines.aim(this.#line);
  }

  aim(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  write(draft: TransactionDraft, at: number): number {
    this.#lines.write(draft, 0);
    return this.#row.write(this.#line, this.#bytes, at);
  }
}
