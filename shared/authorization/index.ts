/**
 * Decides whether a caller may use a key. Each step is a middleware in the handler's chain. The steps run in this
 * order:
 *
 * 1. `identifyCaller` reads the caller's identity from API Gateway.
 * 2. `checkScope` checks that the key ARNs in the request are in a Region and account that the service may use.
 * 3. `protectTags` checks that the request does not change the service tag or the request tag, and adds them to a new key.
 * 4. `authorizeKeys` checks that the caller's key list allows the keys in the request.
 * 5. `bindTenant` checks that the caller's tenant may use the keys and aliases in the request, and adds the tenant to
 *    encryption contexts, grant constraints and new keys.
 * 6. `bindCaller` adds the caller's principal to the encryption context.
 * 7. `applyGuards` checks that policies and grants in the request stay within the deployment's policy bounds.
 *
 * Three steps check the KMS response, because only KMS can identify a ciphertext's key:
 *
 * 8. `rejectForeignResponse` checks that KMS used a key in an account that the service may use.
 * 9. `bindTenant` checks that the caller's tenant may use the key that KMS used.
 * 10. `authorizeKeys` checks that the caller's key list allows the key that KMS used.
 *
 * Steps 9 and 10 also replace errors that depend on a key that the caller may not use.
 *
 * KMS also authorizes each request that it receives, based on the policies of the function's role and on the key
 * policy.
 */

export { applyGuards } from './apply-guards.ts';
export { authorizeKeys } from './authorize-keys.ts';
export { bindCaller } from './bind-caller.ts';
export { bindTenant } from './bind-tenant.ts';
export { checkScope } from './check-scope.ts';
export { identifyCaller } from './identify-caller.ts';
export { readAliasName, toArn } from './key-identifiers.ts';
export type { Guard } from './policy-bounds.ts';
export { protectTags } from './protect-tags.ts';
export { rejectForeignResponse } from './reject-foreign-response.ts';
