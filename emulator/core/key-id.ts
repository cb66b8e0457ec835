/** Matches a KMS key id: a UUID, or `mrk-` followed by 32 hexadecimal digits for a multi-Region key. */
export const keyIdPattern =
  /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32})$/;
