import {
  applyGuards,
  authorizeKeys,
  bindCaller,
  bindTenant,
  type Guard,
  rejectForeignResponse,
} from '../authorization/index.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import type { Operation } from '../declaration/operation.ts';
import { catchOnError } from './catch-on-error.ts';

/**
 * Creates the middleware that decides whether the caller may make a validated call, outermost middleware first. The steps
 * of an operation authorize their own requests, so that the operation itself only needs the caller's tenant.
 */
export function createAuthorization(
  operation: Operation,
  guards: readonly Guard[],
  config: FunctionConfig,
): ChainMiddleware[] {
  if (operation.tenancy === 'steps') return [{ before: bindTenant(operation, config).before }] as ChainMiddleware[];
  return [
    catchOnError(authorizeKeys(operation, config)),
    catchOnError(bindTenant(operation, config)),
    bindCaller(operation, config),
    applyGuards(guards, config),
    rejectForeignResponse(config),
  ];
}
