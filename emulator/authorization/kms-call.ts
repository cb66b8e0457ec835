import type { OperationContext } from '../keys/operation-context.ts';
import type { Members } from './authorization-target.ts';
import type { HttpRequestInfo } from './http-request-info.ts';
import type { Principal } from './principal.ts';

/** A call to an operation, with its input, caller and HTTP request. */
export interface KmsCall {
  readonly input: Members;
  readonly context: OperationContext;
  readonly principal: Principal;
  readonly http: HttpRequestInfo;
}
