/**
 * Adds the packaged functions to a CDK stack. `node app.ts` writes cdk.out/; `cdk deploy --app 'node app.ts'` deploys
 * the stack.
 */
import { App, Tags } from 'aws-cdk-lib';
import { KmsFunctionsStack } from './stack.ts';

/** The folder into which `npm run package` writes the zips and the manifest. */
const buildFolder = process.env.KMS_FUNCTIONS_BUILD ?? '../../.build';

const app = new App({ outdir: 'cdk.out' });
const stack = new KmsFunctionsStack(app, 'KmsFunctions', buildFolder);
Tags.of(stack).add('service', 'kms-functions');
app.synth();
