/**
 * Everything that decides whether a caller may use a key. The steps are middleware of the chain, in this order:
 *
 * 1. `identifyCaller`: who calls, according to API Gateway.
 * 2. `checkScope`: the key ARNs of the request are of a Region and account that the service may use.
 * 3. `protectServiceTag`: the request leaves the service tag alone; a new key receives it.
 * 4. `authorizeKeys`: the caller's list allows the keys of the request.
 * 5. `bindTenant`: the encryption context or the tag of the key is that of the caller's tenant.
 * 6. `bindCaller`: the encryption context contains the caller's principal.
 * 7. `applyGuards`: policies and grants in the request stay within the bounds of the deployment.
 *
 * Two steps check the response of KMS, because only KMS knows the key of a ciphertext:
 *
 * 8. `rejectForeignResponse`: KMS used a key of an account that the service may use.
 * 9. `authorizeKeys`: the caller's list allows the key that KMS used.
 *
 * KMS makes its own decision too: by the policies of the function's role and the policy of the key.
 */

export { applyGuards } from './apply-guards.ts';
export { authorizeKeys } from './authorize-keys.ts';
export { bindCaller } from './bind-caller.ts';
export { bindTenant } from './bind-tenant.ts';
export { checkScope } from './check-scope.ts';
export { identifyCaller } from './identify-caller.ts';
export type { Guard } from './policy-bounds.ts';
export { protectServiceTag } from './protect-service-tag.ts';
export { rejectForeignResponse } from './reject-foreign-response.ts';
