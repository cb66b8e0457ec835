import { checkRequest, countBytes, type OperationRules } from './rule.ts';

export interface InvokeRequest {
  readonly FunctionName: string;
  readonly Qualifier?: string;
  readonly InvocationType?: string;
  readonly Payload: string;
}

/** The rules of a synchronous invocation. */
export const invokeRules: OperationRules<InvokeRequest> = {
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html',
  members: { FunctionName: 'string', Qualifier: 'string?', InvocationType: 'string?', Payload: 'string' },
  rules: [
    {
      title: 'FunctionName is the name or ARN of a function',
      error: 'ValidationException',
      isMet: ({ FunctionName }) =>
        /^(arn:aws[a-zA-Z-]*:lambda:[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d:\d{12}:function:)?[a-zA-Z0-9-_]{1,64}(:(\$LATEST|[a-zA-Z0-9-_]+))?$/.test(
          FunctionName,
        ),
    },
    {
      title: 'Qualifier is a version or an alias',
      error: 'ValidationException',
      isMet: ({ Qualifier = '$LATEST' }) => /^(\$LATEST|[a-zA-Z0-9-_]{1,128})$/.test(Qualifier),
    },
    {
      title: 'the invocation is synchronous',
      error: 'InvalidParameterValueException',
      isMet: ({ InvocationType = 'RequestResponse' }) => InvocationType === 'RequestResponse',
    },
    {
      title: 'the payload is JSON',
      error: 'InvalidRequestContentException',
      isMet: ({ Payload }) => isJson(Payload),
    },
    {
      title: 'the payload has at most 6 MB',
      error: 'RequestTooLargeException',
      isMet: ({ Payload }) => countBytes(Payload) <= 6 * 1_024 * 1_024,
    },
  ],
};

/** Reads an Invoke request. Throws `FakeError` if Lambda rejects it. */
export function readInvocation(url: string, invocationType: string | undefined, Payload: string): InvokeRequest {
  const { pathname, searchParams } = new URL(url, 'http://lambda');
  const [, FunctionName = ''] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname) ?? [];
  const Qualifier = searchParams.get('Qualifier');
  const request = {
    FunctionName: decodeURIComponent(FunctionName),
    ...(Qualifier === null ? {} : { Qualifier }),
    ...(invocationType === undefined ? {} : { InvocationType: invocationType }),
    Payload,
  };
  checkRequest(request, invokeRules);
  return request;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
