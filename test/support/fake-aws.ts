import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { updateStackRules } from './fakes/cloudformation.ts';
import { checkRequest } from './fakes/rule.ts';
import { deleteObjectsRules, putObjectRules } from './fakes/s3.ts';

const stackId =
  'arn:aws:cloudformation:us-east-1:111111111111:stack/kms-functions-dev/00000000-0000-0000-0000-000000000000';
const stackResponses: Readonly<Record<string, string>> = {
  GetCallerIdentity: '<Account>111111111111</Account><Arn>arn:aws:iam::111111111111:user/dev</Arn><UserId>A</UserId>',
  DescribeStacks: `<Stacks><member><StackId>${stackId}</StackId><StackName>kms-functions-dev</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs/></member></Stacks>`,
  DescribeStackResource: '<StackResourceDetail><PhysicalResourceId>bucket</PhysicalResourceId></StackResourceDetail>',
  ListStackResources: '<StackResourceSummaries/>',
  ValidateTemplate: '<Capabilities/>',
  DeleteStack: '',
};

/**
 * The parts of AWS that `serverless deploy` and `remove` call. Stricter than AWS: an object below `code/` must have the
 * SHA-256 hash of its content as its name, and a stack update must refer only to code in the bucket.
 */
export class FakeAws {
  readonly objects = new Map<string, Buffer>();
  /** The templates of all stack updates. */
  // biome-ignore lint/suspicious/noExplicitAny: each resource type has different properties.
  readonly updates: { Resources: Record<string, any>; Outputs: Record<string, unknown> }[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.#respond(request).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/xml' }).end(body),
      (error: Error) => response.writeHead(400, { 'content-type': 'application/xml' }).end(toError(error.message)),
    );
  });

  async start(): Promise<NodeJS.ProcessEnv> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return {
      AWS_ENDPOINT_URL,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #respond(request: IncomingMessage): Promise<[status: number, body?: string]> {
    const url = new URL(request.url ?? '', 'http://fake');
    const body = await buffer(request);
    if (url.pathname.startsWith('/bucket')) return this.#respondAsS3(request, url, body);
    // `serverless remove` looks for a container repository, which the service does not have.
    if (request.headers['x-amz-target'] !== undefined) return [400, '{"__type":"RepositoryNotFoundException"}'];
    // The functions do not exist, so that osls deploys them.
    if (url.pathname.startsWith('/2015-03-31/functions/')) return [404, '{}'];
    const query = new URLSearchParams(body.toString());
    const action = query.get('Action') ?? '';
    if (action === 'UpdateStack') return this.#updateStack(query);
    if (action === 'DescribeStackEvents') throw new Error('Stack [kms-functions-dev] does not exist');
    const result = stackResponses[action];
    if (result === undefined) throw new Error(`Unexpected request: ${request.method} ${request.url} ${action}`);
    return [200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`];
  }

  #updateStack(query: URLSearchParams): never {
    const templateUrl = query.get('TemplateURL') ?? '';
    const template = this.objects.get(decodeURIComponent(new URL(templateUrl).pathname.split('/bucket/')[1] ?? ''));
    if (template === undefined) throw new Error(`No template at ${templateUrl}`);
    const capabilities = [...query].flatMap(([name, value]) =>
      name.startsWith('Capabilities.member.') ? [value] : [],
    );
    checkRequest(
      { StackName: query.get('StackName') ?? '', template: template.toString(), capabilities },
      updateStackRules,
    );
    const parsed = JSON.parse(template.toString());
    for (const { Type, Properties } of Object.values<{ Type: string; Properties: { Code: { S3Key: string } } }>(
      parsed.Resources,
    )) {
      if (Type === 'AWS::Lambda::Function' && !this.objects.has(Properties.Code.S3Key)) {
        throw new Error(`No object ${Properties.Code.S3Key}`);
      }
    }
    this.updates.push(parsed);
    // osls then stops waiting for events of the stack.
    throw new Error('No updates are to be performed.');
  }

  #respondAsS3(request: IncomingMessage, url: URL, body: Buffer): [status: number, body?: string] {
    const key = decodeURIComponent(url.pathname.slice('/bucket/'.length));
    if (request.method === 'HEAD' && key === '') return [200];
    if (request.method === 'PUT') return this.#putObject(request, key, body);
    if (request.method === 'GET' && url.searchParams.get('list-type') === '2') {
      const prefix = url.searchParams.get('prefix') ?? '';
      const found = [...this.objects.keys()].filter((name) => name.startsWith(prefix));
      const contents = found.map(
        (name) => `<Contents><Key>${name}</Key><LastModified>2020-01-01T00:00:00Z</LastModified></Contents>`,
      );
      return [200, `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`];
    }
    if (request.method === 'HEAD') return [this.objects.has(key) ? 200 : 404];
    if (request.method === 'POST' && url.searchParams.has('delete')) {
      const { headers } = request;
      const checksum =
        headers['content-md5'] ?? headers['x-amz-checksum-crc32'] ?? headers['x-amz-sdk-checksum-algorithm'];
      const keys = [...body.toString().matchAll(/<Key>(.*?)<\/Key>/g)].map(([, name = '']) => name);
      checkRequest({ keys, ...(checksum === undefined ? {} : { checksum: String(checksum) }) }, deleteObjectsRules);
      for (const name of keys) {
        if (!this.objects.delete(name)) throw new Error(`No object ${name}`);
      }
      return [200, '<DeleteResult/>'];
    }
    throw new Error(`Unexpected request: ${request.method} ${request.url}`);
  }

  #putObject({ headers }: IncomingMessage, key: string, body: Buffer): [status: number] {
    const contentEncoding = headers['content-encoding'];
    checkRequest(
      {
        Key: key,
        bytes: body.length,
        contentLength: Number(headers['content-length']),
        ...(contentEncoding === undefined ? {} : { contentEncoding }),
      },
      putObjectRules,
    );
    const hash = createHash('sha256').update(body).digest('hex');
    const [, name] = /\/code\/(.*)\.zip$/.exec(key) ?? [];
    if (name !== undefined && !name.endsWith('.map') && name !== hash) throw new Error(`${key} has the hash ${hash}.`);
    this.objects.set(key, body);
    return [200];
  }
}

function toError(message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
