/** Replaces the SDK's HTTP handler. shared/kms/request-handler.ts sends the requests, and returns each body as bytes. */
export const NodeHttpHandler = {
  create(handler: { readonly handle?: unknown }) {
    if (typeof handler.handle !== 'function') throw new Error("the SDK's HTTP handler is not in this bundle");
    return handler;
  },
};

export function streamCollector(): never {
  throw new Error('response streams are not in this bundle');
}
