import type { KMSClient } from '@aws-sdk/client-kms';
import type { Attempts } from './attempts.ts';
import type { KmsCommand, Transmit } from './send.ts';

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface Response {
  readonly statusCode: number;
}

/** What the SDK's middleware passes on. The SDK passes members on that it does not know. */
interface Parameters {
  readonly input: object;
  readonly request: Request;
  readonly attempts: Attempts;
  readonly response?: Response;
}

type SdkHandler = (parameters: Parameters) => Promise<{ readonly response?: Response; readonly output?: object }>;

/** The protocol of the SDK's client. */
interface Protocol {
  getPayloadCodec(): { createSerializer(): { write(schema: unknown, input: object): void; flush(): Uint8Array } };
  deserializeResponse(operation: object, config: object, response: Response): Promise<object>;
}

/** A command of the SDK. `schema` describes its operation. */
interface SdkCommand {
  readonly schema: readonly unknown[];
  resolveMiddleware(stack: object, config: object, options: object): (command: SdkCommand) => Promise<unknown>;
}

/**
 * Creates a function that sends the requests of an operation during one call. The first request passes through all of the
 * SDK's middleware. The others reuse what this middleware adds, such as the endpoint and the user agent. The SDK serializes,
 * signs and repeats each request, and reads each response.
 */
export function createPreparedSender(Command: new (input: never) => KmsCommand<object, object>): Transmit {
  const senders = new Map<KMSClient, Promise<Transmit>>();
  return async (client, input, attempts) => {
    const sender = senders.get(client) ?? prepareSender(client, new Command(input as never) as object as SdkCommand);
    senders.set(client, sender);
    return (await sender)(client, input, attempts);
  };
}

/** Passes a command through the SDK's middleware that comes before the signature and the retries. */
async function prepareSender({ config, middlewareStack }: KMSClient, command: SdkCommand): Promise<Transmit> {
  const [, namespace, name, traits, input, output] = command.schema;
  const protocol = config.protocol as object as Protocol;
  const serializer = protocol.getPayloadCodec().createSerializer();
  const stack = middlewareStack.clone();
  const prepared = Promise.withResolvers<{ readonly first: Request; readonly next: SdkHandler }>();

  const keepRequest = (next: SdkHandler) => (parameters: Parameters) => {
    prepared.resolve({ first: parameters.request, next });
    return Promise.resolve({ output: {} });
  };
  stack.addRelativeTo(keepRequest as never, {
    name: 'keepRequest',
    relation: 'before',
    toMiddleware: 'retryMiddleware',
  });

  // The SDK's middleware for responses copies the configuration for each response, so it only reads errors.
  const sendRequest = (next: SdkHandler) => async (parameters: Parameters) => {
    const { request, attempts } = parameters;
    const { response } = (await config.requestHandler.handle(request as never, { attempts } as never)) as {
      response: Response;
    };
    if (response.statusCode !== 200) return next({ ...parameters, response });
    const operation = { namespace, name, traits, input, output };
    return { response, output: await protocol.deserializeResponse(operation, config, response) };
  };
  stack.add(sendRequest as never, { name: 'sendRequest', step: 'deserialize', priority: 'high' });

  const returnResponse = () => (parameters: Parameters) => Promise.resolve(parameters);
  stack.add(returnResponse as never, { name: 'returnResponse', step: 'deserialize', priority: 'low' });

  await command.resolveMiddleware(stack, config, {})(command);
  const { first, next } = await prepared.promise;
  return async (_, values, attempts) => {
    serializer.write(input, values);
    const body = serializer.flush();
    const headers = { ...first.headers, 'content-length': String(body.byteLength) };
    const request = Object.assign(Object.create(Object.getPrototypeOf(first)), first, { headers, body });
    return (await next({ input: values, request, attempts })).output as object;
  };
}
