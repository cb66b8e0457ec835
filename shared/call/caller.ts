/** Describes a caller. Logs contain every member except `claims`. */
export interface Caller {
  /**
   * `local` if the caller used the local gateway, which does not authenticate callers. `unknown` until the caller is
   * identified.
   */
  readonly kind: 'iam' | 'jwt' | 'direct' | 'local' | 'unknown';
  /** `true` if API Gateway authenticated the caller. Lambda does not identify direct invokers to the function. */
  readonly isVerified: boolean;
  /**
   * The ARN of the IAM role (`arn:aws:sts::ACCOUNT:assumed-role/ROLE`, without the session) or of the IAM user, or the
   * JWT's subject. If the JWT has no subject, the JWT's client.
   */
  readonly principal?: string;
  /**
   * The session's name if the principal is a role. Used only in logs, because the identity that assumes the role
   * chooses it.
   */
  readonly sessionName?: string;
  /** The IAM principal's AWS account. */
  readonly accountId?: string;
  readonly issuer?: string;
  /** The JWT's client (`client_id` or `azp`). */
  readonly clientId?: string;
  readonly sourceIp?: string;
  readonly apiId?: string;
  /** The JWT's claims. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
