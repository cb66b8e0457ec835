import { isObject, type UnknownObject } from '../declaration/json-object.ts';

/**
 * Converts the claims of a token to text, as API Gateway does before it passes them to a function. A list becomes `[a b]`
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html). AWS does not document the text
 * of objects and of `null`. A claim with the value `null` is therefore left out.
 */
export function toClaimTexts(claims: UnknownObject): Record<string, string> {
  const given = Object.entries(claims).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, formatClaim(value)]));
}

function formatClaim(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatClaim).join(' ')}]`;
  return isObject(value) ? JSON.stringify(value) : String(value);
}
