import { checkRequest, countBytes, FakeError, type OperationRules } from './rule.ts';

interface PublishRequest {
  readonly Version: string;
  readonly TopicArn: string;
  readonly Subject?: string;
  readonly Message: string;
}

/** SNS's Publish, with one topic. */
export class FakeSns {
  readonly #topicArn: string;

  constructor(topicArn: string) {
    this.#topicArn = topicArn;
  }

  readonly rules: { readonly Publish: OperationRules<PublishRequest> } = {
    Publish: {
      source: 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html',
      members: { Action: 'string', Version: 'string', TopicArn: 'string', Subject: 'string?', Message: 'string' },
      rules: [
        {
          title: 'Version is 2010-03-31',
          error: 'NoSuchVersion',
          isMet: ({ Version }) => Version === '2010-03-31',
        },
        { title: 'the topic exists', error: 'NotFound', isMet: ({ TopicArn }) => TopicArn === this.#topicArn },
        {
          title: 'Message has 1 to 262,144 bytes',
          error: 'InvalidParameter',
          isMet: ({ Message }) => Message !== '' && countBytes(Message) <= 262_144,
        },
        {
          title: 'Subject has 1 to 100 printable ASCII characters, and does not begin with a space',
          error: 'InvalidParameter',
          isMet: ({ Subject }) => Subject === undefined || /^[!-~][ -~]{0,99}$/.test(Subject),
        },
      ],
    },
  };

  /** Handles the parameters of a request. Throws `FakeError` if AWS rejects it. */
  handle(request: { readonly [name: string]: string }): void {
    if (request.Action !== 'Publish') throw new FakeError('InvalidAction', String(request.Action));
    checkRequest(request as unknown as PublishRequest, this.rules.Publish);
  }
}
