/** The known facts about a caller. Logs contain every member except `claims`. */
export interface Caller {
  /** `local`: the local gateway, which does not authenticate. `unknown`: the caller is not identified yet. */
  readonly kind: 'iam' | 'jwt' | 'direct' | 'local' | 'unknown';
  /** Whether API Gateway authenticated the caller. Lambda does not identify the direct invoker to the function. */
  readonly isVerified: boolean;
  /** ARN of the IAM principal, or the subject of the JWT. */
  readonly principal?: string;
  /** AWS account of the IAM principal. */
  readonly accountId?: string;
  readonly issuer?: string;
  /** Client of the JWT (`client_id` or `azp`). */
  readonly clientId?: string;
  readonly sourceIp?: string;
  readonly apiId?: string;
  /** Claims of the JWT. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
