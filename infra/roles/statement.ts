/** A statement of an IAM policy as a template holds it: an ARN is still a `Fn::Sub`. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: '*' | object | readonly object[];
  readonly Condition?: Condition;
}

/** Operator, condition key, what it is compared with. */
export type Condition = Readonly<Record<string, Readonly<Record<string, ConditionValue | readonly ConditionValue[]>>>>;

type ConditionValue = string | { readonly Ref: string };
