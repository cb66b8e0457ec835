/** The part of dynalite that this project uses. The package contains no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  function dynalite(options: { readonly path?: string; readonly createTableMs?: number }): Server;
  export = dynalite;
}
