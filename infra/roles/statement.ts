/** A statement of an IAM policy in the template. Each ARN in `Resource` is an `Fn::Sub`. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | object | readonly object[];
  readonly Condition?: Condition;
}

/** A map from condition operators to condition keys and their expected values. An object is a CloudFormation function. */
export type Condition = Readonly<Record<string, Readonly<Record<string, ConditionValue | readonly ConditionValue[]>>>>;

type ConditionValue = string | { readonly Ref: string } | { readonly 'Fn::Sub': string };
