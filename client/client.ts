import type { Lists, Methods } from './methods.ts';

/** The names of the lists that come in pages. */
export type PagedName = keyof Lists;

/**
 * One method per operation, with the name of its function. Each takes AWS's request and resolves to AWS's response
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html), and rejects with a KmsFunctionsClientError; with a
 * TypeError where a value is not of the kind that its member has; or, once aborted, with the signal's reason.
 */
export interface Client extends Methods {
  /** The lists, page by page: `for await (const key of client.paginate.listKeys().items())`. */
  readonly paginate: Lists;
}
