import * as operations from '../../functions/operations.ts';
import { folderName, functionName, type Operation } from '../../shared/operation.ts';
import type { Authorize, Authorizer } from '../access/authorizer.ts';
import type { Origin } from '../access/origin.ts';
import type { Members } from '../access/subject.ts';
import type { Action, ActionContext } from '../action.ts';
import type { Clock } from '../clock.ts';
import { checkGrantTokens } from '../keys/grant-token.ts';
import { settleDue } from '../keys/settle.ts';
import type { Store } from '../store/store.ts';
import { callerOf } from './credential.ts';
import { toWire } from './json.ts';
import { KmsError } from './kms-error.ts';
import type { Quotas } from './quotas.ts';
import { requestReader } from './request-reader.ts';

const targetPrefix = 'TrentService.';
/** This file's own ending: actions stand beside it as `.ts` in the repository and as `.js` in the package. */
const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

interface Runner {
  readonly read: (json: unknown) => unknown;
  readonly authorize: Authorize;
  readonly act: (input: never, context: ActionContext) => unknown;
  readonly hasOutput: boolean;
}

/** Finds the operation that a request is for, and runs it. What an operation needs is loaded at its first call. */
export class Dispatcher {
  readonly #operations: ReadonlyMap<string, Operation>;
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
    this.#operations = new Map(Object.values(operations).map((operation) => [operation.name, operation as Operation]));
  }

  /** The answer's body. Throws KmsError. */
  async answer(
    target: string | undefined,
    authorization: string | undefined,
    body: string,
    requestId: string,
    origin: Origin,
  ): Promise<string> {
    const name = target?.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : '';
    const operation = this.#operations.get(name);
    if (operation === undefined) throw new KmsError('UnknownOperationException');
    const json = parse(body);
    const caller = callerOf(authorization);
    const principal = this.#authorizer.principalOf(caller, origin);
    const { account } = principal;
    this.#quotas?.take(name, account, caller.region);
    const { read, authorize, act, hasOutput } = this.#runners.get(name) ?? (await this.#load(operation));
    const input = read(json);
    this.#store.refresh();
    checkGrantTokens(input);
    settleDue(this.#store, this.#clock.now());
    const context = { ...caller, account, store: this.#store, clock: this.#clock, requestId };
    authorize({ input: input as Members, context, principal, origin });
    const output = act(input as never, context);
    const result = output instanceof Promise ? await output : output;
    // An operation without output answers with no body at all.
    return hasOutput ? JSON.stringify(toWire(result)) : '';
  }

  async #load(operation: Operation): Promise<Runner> {
    const file = `../actions/${operation.group}/${folderName(operation)}${extension}`;
    const module = (await import(file)) as Record<string, Action<Operation>>;
    const act = module[functionName(operation)];
    if (act === undefined) throw new TypeError(`${file} does not export ${functionName(operation)}`);
    const hasOutput = Object.keys(operation.output._zod.def.shape).length > 0;
    const authorize = this.#authorizer.of(operation);
    const runner = { read: requestReader(operation), authorize, act, hasOutput };
    this.#runners.set(operation.name, runner);
    return runner;
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new KmsError('SerializationException');
  }
}
