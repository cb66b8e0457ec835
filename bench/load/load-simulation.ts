import { awsOperations, type KmsOperation, type OperationName } from '../../functions/all-operations.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { buildFunctionEntry } from '../../infra/function-entry.ts';
import { buildStageExtension } from '../../infra/gateway/stage.ts';
import { findQuota } from '../../shared/declaration/request-quotas.ts';
import type { Benchmark, Effort, Measurement, Row } from '../benchmark.ts';
import { round } from '../statistics.ts';
import { importBefore, importNow, type Product } from './simulation/product.ts';
import { type Traffic, World, type WorldOptions } from './simulation/world.ts';
import { labelVersion, withVersions } from './versions.ts';

export const loadSimulation: Benchmark = {
  name: 'load-simulation',
  question:
    'How do overload and hanging keys affect calls that do not cause them? A simulation of an account with a Lambda concurrency of 1,000. Other users of KMS leave 4,000 of 10,000 symmetric requests per second.',
  run: measure,
};

const concurrency = 1_000;
/** The part of the symmetric quota that other users of KMS leave. */
const symmetricPerSecond = 4_000;

function find(name: OperationName): KmsOperation {
  const operation = awsOperations.find((each) => each.name === name);
  if (operation === undefined) throw new Error(`There is no operation ${name}.`);
  return operation;
}

const describeKey: Traffic = { operation: find('DescribeKey'), perSecond: 90 };

/** A Region with the quota of 10,000 symmetric requests per second. */
const region = 'eu-west-3';

interface Scenario {
  /** The first entries are the cause. DescribeKey, which has its own quota, is the last. */
  readonly traffic: readonly Traffic[];
  /** The deployment's parameters in this version. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Omits the earlier version, which does not differ from the previous scenario. */
  readonly isOnlyNow?: true;
}

const encrypt = find('Encrypt');
/** Lets routes accept more than other users of KMS leave. */
const wholeQuota = { throttleRate: '10000', throttleBurst: '5000', kmsShare: '1', operationRates: 'Encrypt:9000' };

const scenarios: Readonly<Record<string, Scenario>> = {
  'Encrypt at 1.1 × the quota': {
    traffic: [{ operation: encrypt, perSecond: 1.1 * symmetricPerSecond }, describeKey],
    parameters: wholeQuota,
  },
  'Encrypt at 1.5 × the quota': {
    traffic: [{ operation: encrypt, perSecond: 1.5 * symmetricPerSecond }, describeKey],
    parameters: wholeQuota,
  },
  'the same with kmsShare=0.4': {
    traffic: [{ operation: encrypt, perSecond: 1.5 * symmetricPerSecond }, describeKey],
    parameters: { ...wholeQuota, kmsShare: '0.4', operationRates: 'Encrypt:3800' },
    isOnlyNow: true,
  },
  'Sign and Verify at 600/s each': {
    traffic: [{ operation: find('Sign'), perSecond: 600 }, { operation: find('Verify'), perSecond: 600 }, describeKey],
    parameters: { ...wholeQuota, operationRates: 'Sign:480,Verify:480' },
  },
  'Encrypt at 160/s with hanging keys': {
    traffic: [{ operation: encrypt, perSecond: 160, isHung: true }, describeKey],
    parameters: wholeQuota,
  },
  'the same with reservedConcurrency': {
    traffic: [{ operation: encrypt, perSecond: 160, isHung: true }, describeKey],
    parameters: { ...wholeQuota, reservedConcurrency: 'Encrypt:200' },
    isOnlyNow: true,
  },
};

type Limits = Pick<WorldOptions, 'reserved' | 'routes'>;

function measure(effort: Effort): Promise<Measurement> {
  return withVersions(effort, async (versions) => {
    const rows: Row[] = [];
    const selected = Object.entries(scenarios).slice(0, effort.choose(Object.keys(scenarios).length, 2));
    for (const [what, { traffic, parameters, isOnlyNow }] of selected) {
      for (const version of versions) {
        const { name, root } = version;
        if (isOnlyNow && name !== 'now') continue;
        const [product, limits] =
          name === 'now' ? [await importNow(), readLimits(parameters)] : [await importBefore(root), limitsBefore()];
        rows.push({ what: labelVersion(what, version, versions), ...simulate(product, limits, traffic, effort) });
      }
    }
    return {
      rows,
      notes: [
        'The retries, budgets, time limits, route throttles and reservations are those of the product. Attempts, billed time and the shares of calls are those of the operation in the first column; `describeKeyOkPercent` is the share of unrelated calls that succeed.',
        'In this version, `kmsShare` is 1 in the other rows, and `operationRates` allows 9,000 Encrypt requests or 480 Sign and 480 Verify requests per second. `reservedConcurrency` is `Encrypt:200`.',
        'The simulation assumes that throttled requests use no quota, that 100 clients with the default options share the calls, that a function takes 3 ms and KMS 5 to 13 ms, and that Lambda reuses the sandbox that was used last.',
      ],
    };
  });
}

function simulate(product: Product, limits: Limits, traffic: readonly Traffic[], effort: Effort): Row {
  const quotas = { symmetric: symmetricPerSecond };
  const world = new World({ product, traffic, quotas, concurrency, ...limits });
  const meanBusy = world.run(effort.choose(5_000, 200), effort.choose(20_000, 800));
  const others = world.figures.get(describeKey);
  const causes = traffic.slice(0, -1).map((each) => world.figures.get(each));
  const total = (member: 'calls' | 'ok' | 'throttled' | 'timedOut' | 'kmsAttempts' | 'kmsThrottled' | 'billedMs') =>
    causes.reduce((sum, figures) => sum + (figures?.[member] ?? 0), 0);
  return {
    calls: total('calls'),
    ok: total('ok'),
    throttled: total('throttled'),
    timedOut: total('timedOut'),
    okPercent: round((total('ok') / total('calls')) * 100, 1),
    kmsAttempts: round(total('kmsAttempts') / total('calls'), 2),
    kmsThrottledPercent: round((total('kmsThrottled') / total('kmsAttempts')) * 100, 1),
    billedMs: round(total('billedMs') / total('calls')),
    meanSandboxes: round(meanBusy),
    maxSandboxes: world.lambda.lastMaxBusy,
    describeKeyOkPercent: round(((others?.ok ?? 0) / (others?.calls ?? 1)) * 100, 1),
  };
}

/** Reads the limits of a deployment with these parameters. */
function readLimits(parameters: Scenario['parameters']): Limits {
  const deployment = resolveDeployment('load', parameters, region);
  const { Properties } = buildStageExtension(deployment, deployment.operations) as { Properties: StageProperties };
  const routes = deployment.operations.map((operation) => {
    const [route] = operation.routes;
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } =
      Properties.RouteSettings[`${route.method} ${route.path}`] ?? Properties.DefaultRouteSettings;
    return [operation.name as OperationName, { rate, burst }] as const;
  });
  const reserved = deployment.operations.flatMap((operation) => {
    const [, { reservedConcurrency }] = buildFunctionEntry(operation, deployment);
    return reservedConcurrency === undefined ? [] : [[operation.name as OperationName, reservedConcurrency] as const];
  });
  return { routes: new Map(routes), reserved: new Map(reserved) };
}

interface StageProperties {
  readonly DefaultRouteSettings: RouteSettings;
  readonly RouteSettings: Readonly<Record<string, RouteSettings | undefined>>;
}

interface RouteSettings {
  readonly ThrottlingRateLimit: number;
  readonly ThrottlingBurstLimit: number;
}

/** The limits of c69ec9f: each route allowed the whole quota of its operation, and no function had a reservation. */
function limitsBefore(): Limits {
  const routes = awsOperations.map((operation) => {
    const { perSecond: rate } = findQuota(operation, undefined);
    return [operation.name as OperationName, { rate, burst: Math.min(rate, 5_000) }] as const;
  });
  return { routes: new Map(routes), reserved: new Map() };
}
