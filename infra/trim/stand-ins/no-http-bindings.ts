/** Returns the members that a request sends as a host name prefix. KMS operations have no such members. */
export function getHttpOperationBindings(): readonly never[] {
  return [];
}
