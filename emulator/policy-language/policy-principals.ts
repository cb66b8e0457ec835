import { isObject, type UnknownObject } from '../../shared/declaration/json-object.ts';
import { PolicyError, readTexts } from './policy-error.ts';

/** A `Principal` or `NotPrincipal` element. */
export interface Principals {
  readonly isNegated: boolean;
  readonly everyone: boolean;
  readonly accounts: ReadonlySet<string>;
  readonly arns: ReadonlySet<string>;
}

/** KMS's messages for policies with invalid principals. */
export const noPrincipal = 'Policy contains a statement with no principal.';
export const invalidPrincipals = 'Policy contains a statement with one or more invalid principals.';

const principalTypes = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);
const accountPrincipal = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/;
/** Matches the ARN of a principal, or the unique id that replaces the ARN of a deleted principal. */
const principalForm =
  /^(?:arn:[a-z-]+:(?:iam::\d{12}:(?:user|role)\/[^\s*?]+|sts::\d{12}:(?:assumed-role\/[^\s*?/]+\/[^\s*?]+|federated-user\/[^\s*?]+))|A[A-Z0-9]{15,})$/;

/** Reads the principals of a statement in a resource-based policy. */
export function readPrincipals(json: UnknownObject): Principals {
  const { NotPrincipal: negative } = json;
  // AWS does not allow NotPrincipal with Allow:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  if (negative !== undefined && json.Effect === 'Allow')
    throw new PolicyError('Policy contains NotPrincipal in a statement whose Effect is not Deny');
  const named = listAwsPrincipals(json);
  const arns = named.filter((text) => text !== '*' && !accountPrincipal.test(text));
  if (!arns.every((arn) => principalForm.test(arn))) throw new PolicyError(invalidPrincipals);
  return {
    isNegated: negative !== undefined,
    everyone: named.includes('*'),
    accounts: new Set(named.flatMap((text) => accountPrincipal.exec(text)?.[1] ?? [])),
    arns: new Set(arns),
  };
}

/** Lists the principals of type AWS. The others do not call the emulator with an access key. */
export function listAwsPrincipals({ Principal: positive, NotPrincipal: negative }: UnknownObject): string[] {
  const given = positive ?? negative;
  if (given === undefined) throw new PolicyError(noPrincipal);
  if (positive !== undefined && negative !== undefined) throw new PolicyError(invalidPrincipals);
  if (given === '*') return ['*'];
  if (!isObject(given) || !Object.keys(given).every((type) => principalTypes.has(type)))
    throw new PolicyError(invalidPrincipals);
  const values = Object.entries(given).map(([type, value]) => [type, [value].flat()] as const);
  if (values.every(([, texts]) => texts.length === 0)) throw new PolicyError(noPrincipal);
  return values.flatMap(([type, texts]) => {
    const valid = texts.length === 0 ? [] : readTexts(texts, 'Principal');
    return type === 'AWS' ? valid : [];
  });
}

/** Rejects principals in an identity-based policy, which applies to the identity that it is attached to. */
export function rejectPrincipals({ Principal, NotPrincipal }: UnknownObject): undefined {
  if ((Principal ?? NotPrincipal) !== undefined)
    throw new PolicyError('An identity-based policy must not contain Principal or NotPrincipal');
  return undefined;
}
