// Variables in serverless.yml can load only `.js` files. This file re-exports the TypeScript module, which Node.js can run.
export { deployment } from './service.ts';
