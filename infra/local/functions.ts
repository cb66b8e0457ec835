/** A function entry for stage `local`. These functions are never deployed, so they need no role or log group. */
export interface LocalFunctionEntry {
  readonly handler: string;
  readonly description: string;
  readonly events: readonly { readonly httpApi: { readonly method: 'GET'; readonly path: string } }[];
}

/** The functions that stage `local` adds to the operations. */
export const localFunctions = {
  openapi: {
    handler: 'infra/local/openapi.handler',
    description: 'Returns the OpenAPI document.',
    events: [get('/openapi.json')],
  },
  docs: {
    handler: 'infra/local/docs.handler',
    description: 'Serves the interactive documentation.',
    events: [get('/docs'), get('/docs/{file}')],
  },
} as const satisfies Record<string, LocalFunctionEntry>;

function get<const Path extends string>(path: Path) {
  return { httpApi: { method: 'GET', path } } as const;
}
