import { type Model, probability } from '../../../model/model.ts';
import { answerForm } from './answer-form.ts';
import {
  ContainerError,
  invalidRow,
  RowBuffer,
  type RowTable,
  readCsv,
  readJsonInstances,
  readLibsvm,
  unparsableBody,
} from './request-rows.ts';

/** A request to the container. */
export interface Invocation {
  /** `undefined` for one too large to be kept. */
  readonly body: Uint8Array | undefined;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** What stands in front has made JSON readable. */
  readonly takesJson?: boolean;
}

/** What the container answers; `rows` of scores that it found are in `body`, in the order of the request. */
export interface ContainerAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly rows: number;
}

/** Changes scores before they are written; the number of rows that are. */
export type AnswerFault = (scores: Float32Array, count: number) => number;

/** Bytes of the largest request that is read. Source: MAX_CONTENT_LENGTH in serve.py. */
export const CONTAINER_BYTES: number = 6 * 1_048_576;

const CSV = 'text/csv';
const PLAIN = 'text/html; charset=utf-8';

/**
 * A model behind the contract of SageMaker's XGBoost container: bytes in, bytes and a status out.
 *
 * Source: aws/sagemaker-xgboost-container, algorithm_mode/serve.py and serve_utils.py.
 */
export class Container {
  readonly #model: Model;
  readonly #rowBuffer = new RowBuffer();
  #scores = new Float32Array(1024);

  constructor(model: Model) {
    this.#model = model;
  }

  invoke(invocation: Invocation, answerFault?: AnswerFault): ContainerAnswer {
    if (invocation.body?.length === 0) return { status: 204, type: PLAIN, body: '', rows: 0 };
    try {
      return this.#scored(invocation, answerFault);
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      return { status: error.status, type: PLAIN, body: error.message, rows: 0 };
    }
  }

  #scored(invocation: Invocation, answerFault: AnswerFault | undefined): ContainerAnswer {
    const { body, accept } = invocation;
    if (body === undefined || body.length > CONTAINER_BYTES) {
      throw new ContainerError(413, 'The data value transmitted exceeds the capacity limit.');
    }
    const table = this.#read(body, invocation);
    const { featureNames } = this.#model;
    if (table.width !== featureNames.length) {
      throw invalidRow(`${table.width} features a row, the model has ${featureNames.length}.`);
    }
    const form = answerForm(accept);
    const scores = this.#score(table);
    const rows = answerFault ? answerFault(scores, table.rows) : table.rows;
    return { status: 200, type: form.type, body: form.write(scores, rows), rows: table.rows };
  }

  #read(body: Uint8Array, { contentType = CSV, takesJson }: Invocation): RowTable {
    if (contentType === CSV) return readCsv(body, this.#rowBuffer);
    const [type = ''] = contentType.split(';');
    switch (type.trim().toLowerCase()) {
      case CSV:
        return readCsv(body, this.#rowBuffer);
      case 'text/libsvm':
      case 'text/x-libsvm':
        return readLibsvm(body, this.#rowBuffer, this.#model.featureNames.length);
      case 'application/json':
        if (takesJson) return readJsonInstances(body, this.#rowBuffer);
    }
    throw unparsableBody(`Content-type ${type} is not supported. Use text/csv or text/libsvm.`);
  }

  #score({ values, rows }: RowTable): Float32Array {
    if (this.#scores.length < rows) this.#scores = new Float32Array(rows * 2);
    const scores = this.#scores;
    this.#model.margins(values, rows, scores);
    for (let row = 0; row < rows; row += 1) scores[row] = probability(scores[row] as number);
    return scores;
  }
}
