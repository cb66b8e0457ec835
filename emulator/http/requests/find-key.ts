import { isObject, type UnknownObject } from '../../../shared/declaration/json-object.ts';
import { keyMembers, type Operation } from '../../../shared/declaration/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationContext } from '../../keys/operation-context.ts';

/** Returns the first key identifier or alias name in a request. */
export function findKeyIdentifier(operation: Operation, json: unknown): string | undefined {
  if (!isObject(json)) return undefined;
  for (const member of keyMembers(operation)) {
    const identifier = json[member];
    if (typeof identifier === 'string') return identifier;
  }
  return undefined;
}

/**
 * Returns the ARN of the key that the request identifies. If it identifies none, returns the ARN of the key that the
 * operation used or created.
 */
export function findKeyArn(context: OperationContext, keyId?: string, output?: unknown): string | undefined {
  const { resolvedKeys } = context;
  const key = keyId === undefined ? undefined : resolvedKeys.get(keyId);
  if (key !== undefined && !(key instanceof KmsError)) return key.arn;
  const returned = isObject(output) ? findReturnedArn(output) : undefined;
  return returned ?? findResolvedArn(resolvedKeys);
}

function findReturnedArn({ KeyId, KeyMetadata }: UnknownObject): string | undefined {
  if (typeof KeyId === 'string') return KeyId.startsWith('arn:') ? KeyId : undefined;
  return (KeyMetadata as { Arn?: string } | undefined)?.Arn;
}

function findResolvedArn(resolvedKeys: OperationContext['resolvedKeys']): string | undefined {
  for (const key of resolvedKeys.values()) if (!(key instanceof KmsError)) return key.arn;
  return undefined;
}
