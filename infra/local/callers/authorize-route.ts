import { type AuthorizationRequest, evaluate } from '../../../emulator/authorization/evaluate.ts';
import { denyByIdentity, evaluateIdentity } from '../../../emulator/authorization/evaluate-identity.ts';
import type { Principal } from '../../../emulator/authorization/principal.ts';
import { defaultAccount } from '../../../emulator/core/credential.ts';
import { findPartition } from '../../deployment/region-rules.ts';

/** The API's id in ARNs and in events. */
export const localApiId = 'local';

/** Returns whether the caller's IAM policies allow a request to the API. `path` is decoded. */
export type AllowsRoute = (accessKey: string, method: string, path: string) => boolean;

/**
 * Creates a function that evaluates the policies of the callers in a seed, as the IAM authorizer of an HTTP API does: the
 * action is `execute-api:Invoke`, and the resource contains the method and the path
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html). Callers that the seed does
 * not contain are root users, which need no policies.
 */
export function createRouteAuthorizer(principals: ReadonlyMap<string, Principal>, region: string): AllowsRoute {
  const prefix = `arn:${findPartition(region)}:execute-api:${region}:${defaultAccount}:${localApiId}/$default/`;
  return (accessKey, method, path) => {
    const principal = principals.get(accessKey);
    if (principal === undefined) return true;
    const request: AuthorizationRequest = {
      principal,
      action: 'execute-api:Invoke',
      resource: `${prefix}${method}${path}`,
      readConditionKey: (key) => readConditionKey(principal, key),
    };
    const verdict = evaluateIdentity(principal, (policy) => evaluate(policy, request));
    return denyByIdentity(verdict) === undefined;
  };
}

/** Returns a condition key's values. Most condition keys about API requests are unknown here. */
function readConditionKey({ principalArn, tags, conditionKeys }: Principal, key: string): readonly string[] | null {
  const name = key.toLowerCase();
  const tag = name.startsWith('aws:principaltag/')
    ? Object.entries(tags).find(([tagKey]) => tagKey.toLowerCase() === name.slice('aws:principaltag/'.length))
    : undefined;
  if (tag !== undefined) return [tag[1]];
  return name === 'aws:principalarn' ? [principalArn] : (conditionKeys.get(name) ?? null);
}
