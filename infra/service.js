// Variables of serverless.yml only load `.js` files. Node.js runs the TypeScript file that this one re-exports.
export { deployment } from './service.ts';
