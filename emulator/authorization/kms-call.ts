import type { OperationContext } from '../keys/operation-context.ts';
import type { Members } from './authorization-target.ts';
import type { HttpRequestInfo } from './http-request-info.ts';
import type { Principal } from './principal.ts';

/** A call to an operation: its input, its caller and its HTTP request. */
export interface KmsCall {
  readonly input: Members;
  readonly context: OperationContext;
  readonly principal: Principal;
  readonly http: HttpRequestInfo;
}
