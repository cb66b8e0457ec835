import type { Plugin } from 'esbuild';
import {
  type Replacement,
  replacementsForIdempotency,
  replacementsForJson,
  replacementsForKms,
  replacementsForLambda,
} from './replacements.ts';

/** Trims the bundles of functions whose only AWS client is the KMS client. */
export const trimForKms: Plugin = createTrimPlugin([
  ...replacementsForLambda,
  ...replacementsForJson,
  ...replacementsForKms,
]);

/** Trims the bundles of functions that accept idempotency keys. */
export const trimForIdempotency: Plugin = createTrimPlugin([
  ...replacementsForLambda,
  ...replacementsForJson,
  ...replacementsForIdempotency,
]);

/** Trims the bundles of functions that use other AWS clients, too. */
export const trimForLambda: Plugin = createTrimPlugin(replacementsForLambda);

function createTrimPlugin(replacements: readonly Replacement[]): Plugin {
  return {
    name: 'trim',
    setup(build) {
      for (const { module, load } of replacements) {
        const filter = new RegExp(`/node_modules/${module.replaceAll('.', '\\.')}$`);
        build.onLoad({ filter }, ({ path }) => load(path));
      }
    },
  };
}
