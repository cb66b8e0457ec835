import type * as z from 'zod/mini';
import type * as shapes from '../../shared/declaration/shapes.ts';

export type GrantOperation = z.output<ReturnType<typeof shapes.grantOperations>>[number];
export type GrantConstraints = z.output<ReturnType<typeof shapes.grantConstraints>>;

/** What the store keeps of a grant, under AWS's names as CreateGrant takes and ListGrants answers them. */
export interface GrantRecord {
  readonly Name?: string | undefined;
  readonly GranteePrincipal?: string | undefined;
  readonly GranteeServicePrincipal?: string | undefined;
  readonly RetiringPrincipal?: string | undefined;
  readonly RetiringServicePrincipal?: string | undefined;
  readonly Operations: readonly GrantOperation[];
  readonly Constraints?: GrantConstraints | undefined;
  /** The account that made the grant, as the ARN of its root. */
  readonly IssuingAccount: string;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
}

/** A grant as the store found it. */
export interface Grant {
  readonly seq: number;
  readonly keySeq: number;
  /** 64 hexadecimal digits. */
  readonly grantId: string;
  readonly record: GrantRecord;
}
