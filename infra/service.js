// Variables in serverless.yml can only load `.js` files. Node.js runs the TypeScript file that this file re-exports.
export { deployment } from './service.ts';
