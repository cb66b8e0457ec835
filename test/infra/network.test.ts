import { describe, expect, test } from 'vitest';
import { addNetwork } from '../../infra/deployment/network.ts';
import { buildEnvironment } from '../../infra/environment.ts';
import { parameterTable } from '../../infra/parameters/table.ts';
import { deployment, everyOperation, everything } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';
import { decide, listStatements } from '../support/policy.ts';
import { filterByType, resolveReferences, usePackaged } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const vpc = {
  vpcSubnetIds: parameterTable.vpcSubnetIds.example,
  vpcSecurityGroupIds: parameterTable.vpcSecurityGroupIds.example,
};
/** https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html */
const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

describe('a deployment in a VPC', () => {
  const packaged = usePackaged(everything);

  test('a deployment in a VPC has every function, including the audit forwarder, in the subnets and security groups', () => {
    const functions = filterByType(packaged.resources, 'AWS::Lambda::Function');
    // The forwarder, and the worker for lists.
    expect(functions).toHaveLength(allOperations.length + 2);
    for (const { Properties } of functions) {
      expect(Properties.VpcConfig, Properties.FunctionName).toEqual({
        SubnetIds: vpc.vpcSubnetIds.split(','),
        SecurityGroupIds: vpc.vpcSecurityGroupIds.split(','),
      });
    }
  });

  test("a deployment in a VPC allows Lambda, but not the function's code, to manage network interfaces", () => {
    for (const { Properties } of filterByType(packaged.resources, 'AWS::Lambda::Function')) {
      const role = packaged.resources.get(Properties.Role['Fn::GetAtt'][0]);
      const statements = resolveReferences(listStatements(role), place);
      const source = {
        'lambda:SourceFunctionArn': `arn:aws:lambda:us-east-1:111111111111:function:${Properties.FunctionName}`,
      };
      for (const action of interfaceActions) {
        const resource = 'arn:aws:ec2:us-east-1:111111111111:network-interface/eni-1';
        expect(decide(statements, { action, resource }), action).toBe('allowed');
        expect(decide(statements, { action, resource, context: source }), action).toBe('denied');
      }
    }
  });
});

describe('a deployment without a VPC', () => {
  const packaged = usePackaged(everyOperation);

  test('a deployment without a VPC has no VPC configuration and no EC2 permission', () => {
    for (const { Properties } of filterByType(packaged.resources, 'AWS::Lambda::Function')) {
      expect(Properties).not.toHaveProperty('VpcConfig');
    }
    expect(JSON.stringify(filterByType(packaged.resources, 'AWS::IAM::Role'))).not.toMatch(
      /NetworkInterface|SourceFunctionArn/,
    );
  });
});

test('a deployment whose endpoint is the documented example runs in the VPC that contains the endpoint', () => {
  const deployed = deployment({ operations: 'Encrypt', endpoint: parameterTable.endpoint.example, ...vpc });
  expect(buildEnvironment(deployed).AWS_ENDPOINT_URL_KMS).toBe(parameterTable.endpoint.example);
  const { encrypt } = addNetwork({ encrypt: {} }, deployed);
  expect(encrypt?.vpc?.subnetIds).toEqual(vpc.vpcSubnetIds.split(','));
});
