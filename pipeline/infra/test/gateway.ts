import { only } from './template.ts';
import { mapped } from './velocity.ts';

/** A request as a caller of the API sends it. */
export interface CallerRequest {
  readonly contentType: string;
  readonly accept?: string;
  readonly body: string;
}

export interface CallerAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly errorType: string;
  readonly body: string;
}

interface Integration {
  readonly Uri: { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  readonly PassthroughBehavior: string;
  readonly RequestParameters: Readonly<Record<string, string>>;
  readonly RequestTemplates: Readonly<Record<string, string>>;
  readonly IntegrationResponses: readonly {
    readonly StatusCode: string;
    readonly SelectionPattern?: string;
    readonly ResponseParameters: Readonly<Record<string, string>>;
    readonly ResponseTemplates?: Readonly<Record<string, string>>;
  }[];
}

/** What API Gateway does with a request, by the method that stands in the template of the SageMaker variant. */
export class GatewayByTemplate {
  readonly #integration: Integration;
  readonly #path: string;
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
    const { Properties } = only('fraudstream-sagemaker', 'AWS::ApiGateway::Method');
    this.#integration = Properties.Integration as Integration;
    const { Properties: stage } = only('fraudstream-sagemaker', 'AWS::ApiGateway::Stage');
    const { endpoint } = stage.Variables as { endpoint: { 'Fn::GetAtt': readonly string[] } };
    const { id } = only('fraudstream-sagemaker', 'AWS::SageMaker::Endpoint');
    const uri = this.#integration.Uri['Fn::Join'][1].join('');
    const [, path = ''] = /:runtime\.sagemaker:path(\/.*)$/.exec(uri) ?? [];
    // The stage names the endpoint of the stack; here it is the local one, called fraud.
    this.#path =
      endpoint['Fn::GetAtt'].join('.') === `${id}.EndpointName`
        ? path.replace(/\$\{stageVariables\.endpoint\}/, 'fraud')
        : '';
  }

  async post(request: CallerRequest): Promise<CallerAnswer> {
    const template = this.#integration.RequestTemplates[request.contentType.split(';')[0] ?? ''];
    if (template === undefined) {
      return {
        status: 415,
        contentType: 'application/json',
        errorType: '',
        body: '{"message": "Unsupported Media Type"}',
      };
    }
    const given: Record<string, string> = { 'Content-Type': request.contentType };
    if (request.accept !== undefined) given.Accept = request.accept;
    const { body, headers } = mapped(template, { body: request.body, headers: given });
    const answer = await fetch(this.#origin + this.#path, {
      method: 'POST',
      headers: { ...this.#passed(given), ...headers },
      body,
    });
    return this.#answer(answer);
  }

  /** `integration.request.header.Accept` is `method.request.header.Accept`: absent stays absent. */
  #passed(given: Readonly<Record<string, string>>): Record<string, string> {
    const passed: Record<string, string> = {};
    for (const [to, from] of Object.entries(this.#integration.RequestParameters)) {
      const value = given[from.replace('method.request.header.', '')];
      if (value !== undefined) passed[to.replace('integration.request.header.', '')] = value;
    }
    return passed;
  }

  async #answer(answer: Response): Promise<CallerAnswer> {
    const text = await answer.text();
    const fitting = this.#integration.IntegrationResponses.filter(
      ({ SelectionPattern }) =>
        SelectionPattern !== undefined &&
        new RegExp(`^(?:${SelectionPattern})$`).test(`${answer.status}`),
    );
    if (fitting.length > 1) throw new Error(`two responses fit ${answer.status}`);
    const [chosen = this.#integration.IntegrationResponses.find((one) => !one.SelectionPattern)] =
      fitting;
    const template = chosen?.ResponseTemplates?.['application/json'];
    const made = template === undefined ? undefined : mapped(template, { body: text, headers: {} });
    const header = (name: string): string => {
      const from = chosen?.ResponseParameters[`method.response.header.${name}`] ?? '';
      return answer.headers.get(from.replace('integration.response.header.', '') || 'none') ?? '';
    };
    return {
      status: made?.status ?? Number(chosen?.StatusCode),
      contentType: header('Content-Type'),
      errorType: header('x-amzn-ErrorType'),
      body: made?.body ?? text,
    };
  }
}
