// serverless-offline loads the functions from this file. It would load a `.ts` file with a loader of its own, which would
// create a second instance of the module.
export { handlers } from './local-functions.ts';
