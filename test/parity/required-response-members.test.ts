import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { awsOperations } from '../../functions/all-operations.ts';
import { type Description, describeSchema } from '../support/describe.ts';
import factsJson from './kms-facts.json' with { type: 'json' };

const { operations, shapes } = factsJson as unknown as {
  readonly operations: Readonly<Record<string, { readonly output: string | null }>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
};

interface ModelShape {
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
}

const models = readFileSync(
  join(
    dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-kms/package.json')),
    'dist-types/models/models_0.d.ts',
  ),
  'utf8',
);

/** Reads the description of a member in the API reference, which the SDK's type declarations contain as comments. */
function readDescription(shape: string, member: string): string {
  const [, body = ''] = new RegExp(`export interface ${shape} \\{(.*?)\\n\\}`, 's').exec(models) ?? [];
  const comments = [...body.matchAll(/\/\*\*(.*?)\*\/\s*(\w+)\??:/gs)];
  const comment = comments.find(([, , name]) => name === member)?.[1];
  if (comment === undefined) throw new Error(`The API reference does not describe ${shape}.${member}.`);
  return comment.replaceAll(/<[^>]*>/g, '').replaceAll(/\s*\n\s*\*?\s*/g, ' ');
}

/** Matches the sentences with which the API reference documents that a member is not in every response. */
const condition =
  /(is|are) (only )?(present|included)|(field|value) appears|(is|are) omitted|does not appear|not present|null or empty|is null|Absent/;

interface Member {
  /** The shape in the AWS model and the member, such as `KeyListEntry.KeyArn`. */
  readonly name: string;
  readonly isRequired: boolean;
  readonly isConditional: boolean;
}

/** Lists the members of a declared response at every depth, with their descriptions in the API reference. */
function listMembers(description: Description, shape: string): Member[] {
  if (description.kind === 'list') {
    return listMembers(description.items as Description, shapes[shape]?.member?.shape ?? '');
  }
  if (description.kind !== 'structure') return [];
  const required = description.required as readonly string[];
  return Object.entries(description.members as Record<string, Description>).flatMap(([name, member]) => [
    {
      name: `${shape}.${name}`,
      isRequired: required.includes(name),
      isConditional: condition.test(readDescription(shape, name)),
    },
    ...listMembers(member, shapes[shape]?.members?.[name]?.shape ?? ''),
  ]);
}

const members = awsOperations.flatMap(({ name, output }) =>
  listMembers(describeSchema(output(), 'output'), operations[name]?.output ?? ''),
);

const noMaterialId =
  'Keys in custom key stores have no key material id (KeyMetadata.CurrentKeyMaterialId in the API reference).';
const noRotation = 'Recorded from AWS: absent if automatic rotation is off.';
const deprecated = 'Deprecated in favor of KeySpec.';
const noKey = 'A predefined alias without a key does not have it (API_ListAliases.html).';
const notRequested = 'Present only if the CreateGrant request contains it.';

/**
 * The members that are optional, although the API reference describes them without a condition, and the reasons. The
 * recorded answers are in test/emulator/recorded-answers.
 */
const optionalMembers = {
  'AliasListEntry.CreationDate': noKey,
  'AliasListEntry.LastUpdatedDate': noKey,
  'AliasListEntry.TargetKeyId': noKey,
  'DeleteImportedKeyMaterialResponse.KeyMaterialId': 'Recorded from AWS: absent for a key without key material.',
  'GenerateDataKeyPairResponse.KeyMaterialId': noMaterialId,
  'GenerateDataKeyPairWithoutPlaintextResponse.KeyMaterialId': noMaterialId,
  'GenerateDataKeyWithoutPlaintextResponse.KeyMaterialId': noMaterialId,
  'GetKeyPolicyResponse.PolicyName': "AWS's example response does not contain it (API_GetKeyPolicy.html).",
  'GetKeyRotationStatusResponse.NextRotationDate': noRotation,
  'GetKeyRotationStatusResponse.OnDemandRotationStartDate': 'Present only during an on-demand rotation.',
  'GetKeyRotationStatusResponse.RotationPeriodInDays': noRotation,
  'GetPublicKeyResponse.CustomerMasterKeySpec': deprecated,
  'GrantConstraints.EncryptionContextEquals': notRequested,
  'GrantConstraints.EncryptionContextSubset': notRequested,
  'GrantConstraints.SourceArn': notRequested,
  'GrantListEntry.Constraints': notRequested,
  'GrantListEntry.GranteePrincipal': 'A grant can have a GranteeServicePrincipal instead.',
  'GrantListEntry.GranteeServicePrincipal': notRequested,
  'GrantListEntry.RetiringPrincipal': notRequested,
  'GrantListEntry.RetiringServicePrincipal': notRequested,
  'ImportKeyMaterialResponse.KeyMaterialId': 'Only symmetric encryption keys have key material ids.',
  'KeyMetadata.CustomerMasterKeySpec': deprecated,
  'KeyMetadata.KeyAgreementAlgorithms': 'Only keys with the key usage KEY_AGREEMENT have it.',
  'KeyMetadata.XksKeyConfiguration': 'Only keys in external key stores have it.',
  'ReplicateKeyResponse.ReplicaTags': 'Recorded from AWS: absent if the request contains no tags.',
  'XksProxyConfigurationType.AccessKeyId': 'A seed of the emulator can omit it.',
};

describe('the members of a response', () => {
  test('a member that the API reference describes with a condition is optional', () => {
    expect(members.filter(({ isRequired, isConditional }) => isRequired && isConditional)).toEqual([]);
    expect(members.filter(({ isConditional }) => isConditional).length).toBeGreaterThan(40);
  });

  test('a member that the API reference describes without a condition is required, or has a reason', () => {
    const optional = members.filter(({ isRequired, isConditional }) => !isRequired && !isConditional);
    expect([...new Set(optional.map(({ name }) => name))].sort()).toEqual(Object.keys(optionalMembers));
  });
});
