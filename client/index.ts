/**
 * The typed client of kms-functions: one method per KMS operation, over HTTPS or by Lambda invocation.
 * Guide: docs/guides/client.md.
 */
export type { CallOptions } from './calls/call.ts';
export type { RetryOptions } from './calls/retry.ts';
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
  UnreadableAnswerError,
  UnsendableRequestError,
} from './errors.ts';
export type { SignableRequest, Token } from './http/authorize.ts';
export { type HttpOptions, http } from './http/http.ts';
export type { Credentials, Signer } from './http/signer.ts';
export { type InProcessOptions, type InvokableHandler, inProcess } from './lambda/in-process.ts';
export { type Invocation, type InvocationAnswer, type Invoker, type LambdaOptions, lambda } from './lambda/lambda.ts';
export type { ItemOf, Pages } from './paginate.ts';
export type { InputFor, MethodName, OutputFor } from './requests.ts';
export type { Answer, Transport } from './transport.ts';
