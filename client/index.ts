/**
 * Exports the typed client for kms-functions. The client has one method per operation. It calls the functions over
 * HTTPS or with Lambda's Invoke operation. Guide: docs/guides/client.md.
 */
export type { Bytes } from '../shared/declaration/base64.ts';
export type { BatchItemFor, BatchName, BatchRequestFor, BatchResultFor } from './batches/batch-types.ts';
export {
  type BatchesOptions,
  type BatchesProgress,
  type IndexedResult,
  sendInBatches,
} from './batches/send-in-batches.ts';
export type { CallOptions } from './calls/call-operation.ts';
export type { RetryOptions } from './calls/retry.ts';
export type { RetryBudgetOptions } from './calls/retry-budget.ts';
export type { Client, PagedName } from './client.ts';
export { type ClientOptions, createClient } from './create-client.ts';
export {
  CallTimeoutError,
  type ClientErrorCode,
  type ErrorCode,
  FunctionError,
  GatewayError,
  type InputError,
  KmsFunctionsClientError,
  NetworkError,
  ServiceError,
  UnreadableResponseError,
  UnsendableRequestError,
} from './errors.ts';
export type { SignableRequest, Signer, Token } from './http/authorize.ts';
export type { Credentials } from './http/create-signer.ts';
export { type HttpOptions, http } from './http/http.ts';
export type { PublicJwk } from './jwt/json-web-key.ts';
export { type Jwks, type JwksKey, jwks } from './jwt/jwks.ts';
export type { JwtAlgorithm } from './jwt/jwt-algorithms.ts';
export { type JwtClient, type JwtOptions, signJwt } from './jwt/sign-jwt.ts';
export { type InProcessOptions, type InvokableHandler, inProcess } from './lambda/in-process.ts';
export { type Invocation, type InvocationResponse, type Invoker, type LambdaOptions, lambda } from './lambda/lambda.ts';
export { type ImportMaterialOptions, importMaterial } from './material/import-material.ts';
export type { WrappingAlgorithm, WrappingKeySpec } from './material/wrap-material.ts';
export type { InputFor, MethodName, OutputFor, PlaintextInputFor, PlaintextOutputFor } from './operation-types.ts';
export type { PageItem, Pages } from './pages.ts';
export type { AttemptLimits, Transport, TransportResponse } from './transport.ts';
export { isValidMac, isValidSignature } from './validity/is-valid.ts';
