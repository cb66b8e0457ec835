import { folderName, functionName, type Operation } from '../../shared/declaration/operation.ts';
import type { Members } from '../authorization/authorization-target.ts';
import type { Authorize, Authorizer } from '../authorization/authorizer.ts';
import { checkGrantTokens } from '../authorization/grant-token.ts';
import type { Origin } from '../authorization/http-request-info.ts';
import type { Clock } from '../core/clock.ts';
import { callerOf } from '../core/credential.ts';
import { KmsError } from '../core/kms-error.ts';
import type { OperationContext, OperationHandler } from '../keys/operation-context.ts';
import { applyDueTransitions } from '../operations/rotation/apply-due-transitions.ts';
import type { Store } from '../store/store.ts';
import type { Quotas } from './request-quotas.ts';
import { requestReader } from './request-reader.ts';
import { toWire } from './wire-json.ts';

const targetPrefix = 'TrentService.';
/** This file's own ending: actions stand beside it as `.ts` in the repository and as `.js` in the package. */
const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

interface Runner {
  readonly name: string;
  readonly read: (json: unknown) => unknown;
  readonly authorize: Authorize;
  readonly act: (input: never, context: OperationContext) => unknown;
  readonly write: (output: unknown) => string;
}

/**
 * Finds the operation that a request is for, and runs it. The declarations are loaded at the first call, and what an
 * operation needs at the first call of it: a process that starts is ready the sooner.
 */
export class Dispatcher {
  readonly #runners = new Map<string, Runner>();
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #authorizer: Authorizer;
  readonly #quotas: Quotas | undefined;

  constructor(store: Store, clock: Clock, authorizer: Authorizer, quotas?: Quotas) {
    this.#authorizer = authorizer;
    this.#quotas = quotas;
    this.#store = store;
    this.#clock = clock;
  }

  /** The answer's body; a promise only of a first call, and of what takes its time (asymmetric keys). Throws KmsError. */
  answer(
    target: string | undefined,
    authorization: string | undefined,
    body: string,
    requestId: string,
    origin: Origin,
  ): string | Promise<string> {
    const name = target?.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : '';
    const runner = this.#runners.get(name);
    if (runner !== undefined) return this.#run(runner, authorization, body, requestId, origin);
    return this.#load(name).then((loaded) => this.#run(loaded, authorization, body, requestId, origin));
  }

  #run(
    { name, read, authorize, act, write }: Runner,
    authorization: string | undefined,
    body: string,
    requestId: string,
    origin: Origin,
  ): string | Promise<string> {
    const json = parse(body);
    const caller = callerOf(authorization);
    const principal = this.#authorizer.principalOf(caller, origin);
    const { account } = principal;
    this.#quotas?.take(name, account, caller.region);
    const input = read(json);
    this.#store.refresh();
    checkGrantTokens(input);
    applyDueTransitions(this.#store, this.#clock.now());
    const context = { ...caller, account, store: this.#store, clock: this.#clock, requestId, resolvedKeys: new Map() };
    authorize({ input: input as Members, context, principal, origin });
    const output = act(input as never, context);
    return output instanceof Promise ? output.then(write) : write(output);
  }

  async #load(name: string): Promise<Runner> {
    const { awsOperations } = await import('../../functions/all-operations.ts');
    const operation = awsOperations.find((each) => each.name === name);
    if (operation === undefined) throw new KmsError('UnknownOperationException');
    const file = `../operations/${operation.group}/${folderName(operation)}${extension}`;
    const module = (await import(file)) as Record<string, OperationHandler<Operation>>;
    const act = module[functionName(operation)];
    if (act === undefined) throw new TypeError(`${file} does not export ${functionName(operation)}`);
    const hasOutput = Object.keys(operation.output._zod.def.shape).length > 0;
    const authorize = this.#authorizer.of(operation);
    const runner = {
      name,
      read: requestReader(operation),
      authorize,
      act,
      write: hasOutput ? writeJson : writeNothing,
    };
    this.#runners.set(name, runner);
    return runner;
  }
}

const writeJson = (output: unknown) => JSON.stringify(toWire(output));
/** An operation without output answers with no body at all. */
const writeNothing = () => '';

function parse(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new KmsError('SerializationException');
  }
}
