// serverless.yml reads `.js` only; Node loads the TypeScript behind it.
export { environment, functions, resources } from './service.ts';
