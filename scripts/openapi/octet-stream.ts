import { findOctetStream, type Operation } from '../../shared/declaration/operation.ts';
import type { Json } from './json-schema.ts';

const header = 'Kms-Parameters';

/** Builds the media type for the member that callers can send or receive as bytes, if the operation has one. */
export function buildOctetStream(operation: Operation, side: 'request' | 'response'): Json {
  const octetStream = findOctetStream(operation);
  if (octetStream === undefined) return {};
  const description = `The bytes of \`${octetStream[side]}\`.`;
  return { 'application/octet-stream': { schema: { type: 'string', format: 'binary', description } } };
}

/** Builds the request header for the other members of a request whose body contains bytes. */
export function buildOctetStreamParameters(operation: Operation): Json[] {
  const octetStream = findOctetStream(operation);
  if (octetStream === undefined) return [];
  const description = `The members of the request except \`${octetStream.request}\`, as JSON in base64url. Only with the content type \`application/octet-stream\`.`;
  return [{ name: header, in: 'header', required: false, description, schema: { type: 'string' } }];
}

/** Builds the response header for the other members of a response whose body contains bytes. */
export function buildOctetStreamHeaders(operation: Operation): Json {
  const octetStream = findOctetStream(operation);
  if (octetStream === undefined) return {};
  const description = `The members of the response except \`${octetStream.response}\`, as JSON in base64url. Only with the content type \`application/octet-stream\`.`;
  return { headers: { [header]: { description, schema: { type: 'string' } } } };
}
