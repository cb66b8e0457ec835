import { folderName, functionName, type Operation } from '../../shared/declaration/operation.ts';
import type { Members } from '../authorization/authorization-target.ts';
import type { Authorizer, OperationAuthorizer } from '../authorization/authorizer.ts';
import type { Explanation } from '../authorization/explain.ts';
import { checkGrantTokens } from '../authorization/grant-token.ts';
import type { HttpRequestInfo } from '../authorization/http-request-info.ts';
import type { Clock } from '../core/clock.ts';
import { type Caller, defaultAccount, parseCaller } from '../core/credential.ts';
import { KmsError } from '../core/kms-error.ts';
import type { OperationContext, OperationHandler } from '../keys/operation-context.ts';
import { applyDueTransitions } from '../operations/rotation/apply-due-transitions.ts';
import type { Store } from '../store/store.ts';
import { checkMemberNames, checkOperationName, type ExplainRequest } from './explain-request.ts';
import { createRegionWarning } from './region-warning.ts';
import type { CountedOperation, RequestQuotas } from './request-quotas.ts';
import { createRequestReader } from './request-reader.ts';
import { findKeyArn, findKeyIdentifier } from './requests/find-key.ts';
import type { RequestEntry } from './requests/request-entry.ts';
import { toWire } from './wire-json.ts';

/** The start of the header `X-Amz-Target` for KMS. The operation's name follows. */
export const targetPrefix = 'TrentService.';
/** The value of `X-Amz-Target` for the only operation of the Resource Groups Tagging API that the emulator supports. */
const getResourcesTarget = 'ResourceGroupsTaggingAPI_20170126.GetResources';

/** A KMS request. Its headers identify the operation and the caller. */
export interface KmsRequest extends HttpRequestInfo {
  /** The response's `x-amzn-RequestId`. */
  readonly requestId: string;
}

/** A loaded operation. */
interface Runner extends CountedOperation {
  readonly read: (json: unknown) => unknown;
  readonly authorizer: OperationAuthorizer;
  readonly handle: (input: never, context: OperationContext) => unknown;
  readonly write: (output: unknown) => string;
}

interface DispatcherOptions {
  readonly quotas?: RequestQuotas | undefined;
  readonly hasAwsManagedKeys?: boolean | undefined;
}

/**
 * Finds the operation for a request and runs it. Loads the declarations on the first request, and each operation on its
 * first request, so that the emulator starts faster.
 */
export class Dispatcher {
  readonly #runners = new Map<string, Runner>();
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #authorizer: Authorizer;
  readonly #quotas: RequestQuotas | undefined;
  readonly #hasAwsManagedKeys: boolean;
  readonly #warnAboutRegion = createRegionWarning();

  constructor(
    store: Store,
    clock: Clock,
    authorizer: Authorizer,
    { quotas, hasAwsManagedKeys = false }: DispatcherOptions = {},
  ) {
    this.#authorizer = authorizer;
    this.#hasAwsManagedKeys = hasAwsManagedKeys;
    this.#quotas = quotas;
    this.#store = store;
    this.#clock = clock;
  }

  /** Returns the response body, and adds facts about the request to `entry`. Throws KmsError. */
  async dispatch(request: KmsRequest, entry: RequestEntry): Promise<string> {
    if (request.headers['x-amz-target'] === getResourcesTarget) return this.#dispatchGetResources(request, entry);
    const runner = await this.#find(operationName(request));
    const json = parseJson(request.body);
    entry.json = json;
    entry.schema = runner.operation.input;
    const keyId = findKeyIdentifier(runner.operation, json);
    entry.keyId = keyId;
    const caller = parseCaller(request.headers.authorization);
    this.#warnAboutRegion(caller.region);
    entry.caller = caller;
    const principal = this.#authorizer.identify(caller, request);
    entry.principal = principal;
    const { account } = principal;
    this.#quotas?.take(runner, json, account, caller.region);
    const input = runner.read(json);
    const context = this.#prepare(input, { ...caller, account }, request.requestId);
    const call = { input: input as Members, context, principal, http: request };
    try {
      runner.authorizer.require(call);
      const output = await runner.handle(input as never, context);
      entry.keyArn = findKeyArn(context, keyId, output);
      return runner.write(output);
    } catch (error) {
      entry.keyArn = findKeyArn(context, keyId);
      if (error instanceof KmsError && error.denial !== undefined) entry.explanation = runner.authorizer.explain(call);
      throw error;
    }
  }

  /** Finds keys by their tags. Other tools and the functions search for keys with this operation. */
  async #dispatchGetResources(request: KmsRequest, entry: RequestEntry): Promise<string> {
    const { getResources } = await import('./tagging/get-resources.ts');
    const json = parseJson(request.body);
    entry.operation = 'GetResources';
    entry.json = json;
    const caller = parseCaller(request.headers.authorization, 'tagging');
    entry.caller = caller;
    const principal = this.#authorizer.identify(caller, request);
    entry.principal = principal;
    const context = this.#prepare({}, { ...caller, account: principal.account }, request.requestId);
    this.#authorizer.requireAction('tag:GetResources', { input: {}, context, principal, http: request });
    return JSON.stringify(getResources(json, context));
  }

  /** Explains whether policies and grants allow a request. Throws KmsError for an invalid request. */
  async explain(request: ExplainRequest): Promise<Explanation> {
    const { operation, input: members = {}, principal: name = defaultAccount, region = 'us-east-1' } = request;
    await checkOperationName(operation);
    const runner = await this.#find(operation);
    checkMemberNames(runner.operation, members);
    const principal = this.#authorizer.findPrincipal(name, region);
    const input = runner.read(toWire(members));
    const context = this.#prepare(input, { accessKeyId: name, region, account: principal.account }, 'explain');
    return runner.authorizer.explain({ input: input as Members, context, principal, http: localHttp });
  }

  /** Brings the store up to date, and creates the context of a request. Throws KmsError for an invalid grant token. */
  #prepare(input: unknown, caller: Caller, requestId: string): OperationContext {
    const store = this.#store;
    store.refresh();
    checkGrantTokens(input);
    applyDueTransitions(store, this.#clock.now());
    const hasAwsManagedKeys = this.#hasAwsManagedKeys;
    return { ...caller, store, clock: this.#clock, hasAwsManagedKeys, requestId, resolvedKeys: new Map() };
  }

  async #find(name: string): Promise<Runner> {
    return this.#runners.get(name) ?? (await this.#load(name));
  }

  async #load(name: string): Promise<Runner> {
    const { awsOperations } = await import('../../functions/all-operations.ts');
    const operation = awsOperations.find((each) => each.name === name);
    if (operation === undefined) throw new KmsError('UnknownOperationException');
    // A bundler finds the files only if the template literal is the argument.
    const module: Record<string, OperationHandler<Operation>> = await import(
      `../operations/${operation.group}/${folderName(operation)}.ts`
    );
    const handle = module[functionName(operation)];
    if (handle === undefined) throw new TypeError(`no module exports ${functionName(operation)}`);
    const hasOutput = Object.keys(operation.output()._zod.def.shape).length > 0;
    const runner = {
      operation,
      remoteOperation: awsOperations.find((each) => each.name === operation.remoteRequests?.operation),
      read: createRequestReader(operation),
      authorizer: this.#authorizer.forOperation(operation),
      handle,
      write: hasOutput ? writeJson : writeNothing,
    };
    this.#runners.set(name, runner);
    return runner;
  }
}

/** The HTTP request that `explain` assumes, for condition keys such as `aws:SourceIp`. */
const localHttp: HttpRequestInfo = { method: 'POST', url: '/', headers: {}, body: '', sourceIp: '127.0.0.1' };

function operationName({ headers }: KmsRequest): string {
  const target = headers['x-amz-target'];
  return typeof target === 'string' && target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : '';
}

const writeJson = (output: unknown) => JSON.stringify(toWire(output));
/** Returns an empty body for an operation without output. */
const writeNothing = () => '';

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new KmsError('SerializationException');
  }
}
