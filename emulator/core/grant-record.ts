import type * as z from 'zod/mini';
import type * as shapes from '../../shared/declaration/shapes.ts';

export type GrantOperation = z.output<ReturnType<typeof shapes.grantOperations>>[number];
export type GrantConstraints = z.output<ReturnType<typeof shapes.grantConstraints>>;

/** A grant's stored properties, named as in CreateGrant and ListGrants. */
export interface GrantRecord {
  readonly Name?: string | undefined;
  readonly GranteePrincipal?: string | undefined;
  readonly GranteeServicePrincipal?: string | undefined;
  readonly RetiringPrincipal?: string | undefined;
  readonly RetiringServicePrincipal?: string | undefined;
  readonly Operations: readonly GrantOperation[];
  readonly Constraints?: GrantConstraints | undefined;
  /** The root ARN of the account that created the grant. */
  readonly IssuingAccount: string;
  /** The creation time in milliseconds since 1970. */
  readonly createdMs: number;
}

/** A grant read from the store. */
export interface Grant {
  readonly seq: number;
  readonly keySeq: number;
  /** The grant id, which consists of 64 hexadecimal digits. */
  readonly grantId: string;
  readonly record: GrantRecord;
}
