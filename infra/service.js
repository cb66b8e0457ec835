// serverless.yml reads `.js` only; Node loads the TypeScript behind it.
export { deployment } from './service.ts';
