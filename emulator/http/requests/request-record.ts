import type { Explanation } from '../../authorization/explain.ts';

/** Describes a request that the emulator has answered. A record contains key identifiers, but no other values from the request. */
export interface RequestRecord {
  /** The number of the request since the emulator started. The first request has number 1. */
  readonly sequence: number;
  /** When the request arrived, in ISO 8601. This is the system's time, even if the emulator's clock was set. */
  readonly time: string;
  /** The operation, such as `Encrypt`, or the method and path if the request names no operation. */
  readonly operation: string;
  readonly account?: string;
  readonly region?: string;
  /** The ARN of the caller. Absent if the emulator could not identify the caller. */
  readonly principal?: string;
  readonly accessKeyId?: string;
  /** The key identifier or alias name in the request. Absent if the text does not have the format of one. */
  readonly keyId?: string;
  /** The ARN of the key that the emulator used or created. */
  readonly keyArn?: string;
  readonly outcome: 'ok' | 'denied' | 'error';
  /** The AWS error code. */
  readonly code?: string;
  /** The error message, without the request's values. Key identifiers remain. */
  readonly message?: string;
  /** Explains why policies and grants do not allow the request. */
  readonly explanation?: Explanation;
  readonly durationMs: number;
  readonly requestId: string;
}

/** A principal in the seed. */
export interface KnownPrincipal {
  readonly accessKeyId: string;
  readonly arn: string;
  readonly account: string;
}
