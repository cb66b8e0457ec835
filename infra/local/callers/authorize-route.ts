import type { IncomingHttpHeaders } from 'node:http';
import { readGlobalConditionKey } from '../../../emulator/authorization/condition-keys.ts';
import { evaluate } from '../../../emulator/authorization/evaluate.ts';
import { denyByIdentity, evaluateIdentity } from '../../../emulator/authorization/evaluate-identity.ts';
import type { Principal } from '../../../emulator/authorization/principal.ts';
import { defaultAccount } from '../../../emulator/core/credential.ts';
import { findPartition } from '../../deployment/region-rules.ts';
import type { SignerIdentity } from './read-signer.ts';

/** The API's id in ARNs and in events. */
export const localApiId = 'local';

/** A request for a route. */
export interface RouteRequest {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** The decoded path. */
  readonly path: string;
  readonly sourceIp: string | undefined;
}

/** Returns whether the caller's IAM policies allow a request to the API. */
export type AllowsRoute = (signer: SignerIdentity, request: RouteRequest) => boolean;

/**
 * Creates a function that evaluates the policies of the callers in a seed, as the IAM authorizer of an HTTP API does: the
 * action is `execute-api:Invoke`, and the resource contains the method and the path
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html). Of the callers that the
 * seed does not contain, only root users are allowed. The policies of others, whom a running emulator may know, are unknown.
 */
export function createRouteAuthorizer(principals: ReadonlyMap<string, Principal>, region: string): AllowsRoute {
  const prefix = `arn:${findPartition(region)}:execute-api:${region}:${defaultAccount}:${localApiId}/$default/`;
  return ({ accessKey, userArn }, { headers, method, path, sourceIp }) => {
    const principal = principals.get(accessKey);
    if (principal === undefined) return userArn.endsWith(':root');
    const resource = `${prefix}${method}${path}`;
    const target = { region, account: defaultAccount, resource, input: {} };
    const http = { method, url: path, headers, body: '', sourceIp };
    const input = { target, principal, http, nowMs: Date.now() };
    const readConditionKey = (key: string) => readGlobalConditionKey(input, key);
    const request = { principal, action: 'execute-api:Invoke', resource, readConditionKey };
    return denyByIdentity(evaluateIdentity(principal, (policy) => evaluate(policy, request))) === undefined;
  };
}
