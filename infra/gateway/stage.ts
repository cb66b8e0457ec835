import type { Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { accessLogGroup } from '../deployment/logical-ids.ts';
import { accessLogFormat } from './access-log.ts';
import { divideQuotas } from './throttles.ts';

/** Builds the access log, metrics and throttling settings, which osls merges into the HTTP API stage that it creates. */
export function buildStageExtension(deployment: Deployment, operations: readonly Operation[]): object {
  const { throttleRate, throttleBurst, routeMetrics } = deployment.parameters;
  const throttles = divideQuotas(operations, deployment);
  return {
    Properties: {
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': [accessLogGroup, 'Arn'] }, Format: accessLogFormat },
      DefaultRouteSettings: {
        DetailedMetricsEnabled: routeMetrics,
        ThrottlingRateLimit: throttleRate,
        ThrottlingBurstLimit: throttleBurst,
      },
      RouteSettings: Object.fromEntries(
        operations.flatMap((operation) => {
          const throttle = throttles.get(operation.name);
          const isDefault =
            throttle?.ThrottlingRateLimit === throttleRate && throttle.ThrottlingBurstLimit === throttleBurst;
          if (isDefault) return [];
          const settings = { DetailedMetricsEnabled: routeMetrics, ...throttle };
          return operation.routes.map(({ method, path }) => [`${method} ${path}`, settings]);
        }),
      ),
    },
  };
}
