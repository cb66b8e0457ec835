/** Returns the members that a request sends as a host name prefix. KMS operations have no such members. */
export function getHttpOperationBindings(): readonly never[] {
  return [];
}

/** Replaces the schema that only protocols with HTTP bindings use. KMS uses a JSON-RPC protocol. */
export const HttpBindingNormalizedSchema = {
  of(): never {
    throw new Error('HTTP bindings are not in this bundle');
  },
};
