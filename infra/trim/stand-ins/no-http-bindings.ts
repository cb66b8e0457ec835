/** Returns the members that a request sends as a prefix of the host name. Operations of KMS have none. */
export function getHttpOperationBindings(): readonly never[] {
  return [];
}
