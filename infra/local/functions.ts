/** An entry of serverless.yml for a function that is never deployed and therefore needs no role or log group. */
export interface LocalFunctionEntry {
  readonly handler: string;
  readonly description: string;
  readonly events: readonly { readonly httpApi: { readonly method: 'GET'; readonly path: string } }[];
}

/** The functions that stage `local` has in addition to the operations. */
export const localFunctions = {
  openapi: {
    handler: 'infra/local/openapi.handler',
    description: 'The OpenAPI document.',
    events: [get('/openapi.json')],
  },
  docs: {
    handler: 'infra/local/docs.handler',
    description: 'The interactive documentation.',
    events: [get('/docs'), get('/docs/{file}')],
  },
} as const satisfies Record<string, LocalFunctionEntry>;

function get<const Path extends string>(path: Path) {
  return { httpApi: { method: 'GET', path } } as const;
}
