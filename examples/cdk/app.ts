/** The packaged functions in a stack of the CDK. `node app.ts` writes cdk.out/; `cdk deploy --app 'node app.ts'` deploys it. */
import { App, Tags } from 'aws-cdk-lib';
import { KmsFunctionsStack } from './stack.ts';

/** Where `npm run package` put the zips and the manifest. */
const buildFolder = process.env.KMS_FUNCTIONS_BUILD ?? '../../.build';

const app = new App({ outdir: 'cdk.out' });
const stack = new KmsFunctionsStack(app, 'KmsFunctions', buildFolder);
Tags.of(stack).add('service', 'kms-functions');
app.synth();
