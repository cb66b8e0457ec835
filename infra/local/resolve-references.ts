import { defaultAccount } from '../../emulator/core/credential.ts';
import { httpApi } from '../deployment/logical-ids.ts';
import { findPartition } from '../deployment/region-rules.ts';
import { localApiId } from './callers/authorize-route.ts';

/** Replaces references to the account, the Region and the partition in a part of the template, as CloudFormation does. */
export function resolveReferences(value: unknown, region: string): unknown {
  const values: Readonly<Record<string, string>> = {
    'AWS::AccountId': defaultAccount,
    'AWS::Region': region,
    'AWS::Partition': findPartition(region),
    [httpApi]: localApiId,
  };
  const find = (name: string) => {
    const found = values[name];
    if (found === undefined) throw new Error(`Stage local has no value for ${name}.`);
    return found;
  };
  const resolve = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(resolve);
    if (typeof part !== 'object' || part === null) return part;
    const { Ref, 'Fn::Sub': text } = part as { Ref?: string; 'Fn::Sub'?: string };
    if (Ref !== undefined) return values[Ref] ?? Ref;
    if (text !== undefined) return text.replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => find(name));
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, resolve(inner)]));
  };
  return resolve(value);
}
