import { type Model, probability } from '../../../model/model.ts';
import { answerForm } from './answer-form.ts';
import {
  ContainerError,
  RowBuffer,
  type RowTable,
  readCsv,
  readJsonInstances,
  readLibsvm,
  tooManyFeatures,
  unparsableBody,
  widened,
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

/** Also of a body without a content type. */
const LIBSVM = 'libsvm';
const PLAIN = 'text/html; charset=utf-8';

/**
 * A model behind the contract of SageMaker's XGBoost container: bytes in, bytes and a status out.
 *
 * Source: aws/sagemaker-xgboost-container, algorithm_mode/serve.py and serve_utils.py at the tags v1.5-1, v1.7-1 and
 * v3.0-5, which agree in what is here; models without pickle, one model, no SAGEMAKER_INFERENCE_OUTPUT.
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
    const { featureNames } = this.#model;
    const read = this.#read(body, invocation);
    // XGBoost takes features that a row does not have for missing ones.
    const table = widened(read, featureNames.length);
    if (!table) throw tooManyFeatures(read.width, featureNames.length);
    const form = answerForm(accept);
    const scores = this.#score(table);
    const rows = answerFault ? answerFault(scores, table.rows) : table.rows;
    return { status: 200, type: form.type, body: form.write(scores, rows), rows: table.rows };
  }

  /** Source: get_content_type of data_utils.py, and parse_content_data of serve_utils.py. */
  #read(body: Uint8Array, { contentType, takesJson }: Invocation): RowTable {
    if (contentType === 'text/csv') return readCsv(body, this.#rowBuffer);
    const [type = '', ...parameters] = (contentType ?? LIBSVM).toLowerCase().split(';');
    switch (type.trim()) {
      case 'csv':
      case 'text/csv':
        checkLabelSize(parameters);
        return readCsv(body, this.#rowBuffer);
      case LIBSVM:
      case 'text/libsvm':
      case 'text/x-libsvm':
        return readLibsvm(body, this.#rowBuffer, this.#model.featureNames.length);
      case 'application/json':
        if (takesJson) return readJsonInstances(body, this.#rowBuffer);
    }
    throw unparsableBody(
      `${contentType} is not an accepted ContentType: csv, libsvm, parquet, recordio-protobuf, text/csv, text/libsvm, text/x-libsvm, application/x-parquet, application/x-recordio-protobuf.`,
    );
  }

  #score({ values, rows }: RowTable): Float32Array {
    if (this.#scores.length < rows) this.#scores = new Float32Array(rows * 2);
    const scores = this.#scores;
    this.#model.margins(values, rows, scores);
    for (let row = 0; row < rows; row += 1) scores[row] = probability(scores[row] as number);
    return scores;
  }
}

/** Source: get_content_type; a label of inference is a column like any other. */
function checkLabelSize(parameters: readonly string[]): void {
  for (const parameter of parameters) {
    const [name = '', size = ''] = parameter.split('=').map((part) => part.trim());
    if (name !== 'label_size' || size.replace(/^"(.*)"$/, '$1') === '1') continue;
    const message = `text/csv;${parameter} is not an accepted csv ContentType. Optional parameter label_size must be equal to 1`;
    throw unparsableBody(message);
  }
}
