import { DescribeKeyCommand, type KeyMetadata, paginateListAliases } from '@aws-sdk/client-kms';
import type { ComponentType } from 'preact';
import { Badge } from '../components/badge.tsx';
import { CodeLine } from '../components/code-line.tsx';
import { KeyStateBadge } from '../components/key-state-badge.tsx';
import { Loading } from '../components/loading.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { formatUsage } from '../keys/format-usage.ts';
import { kmsReads } from '../state/kms.ts';
import { linkTo } from '../state/route.ts';
import { useLoad } from '../state/use-load.ts';
import { TryTab } from '../trials/try-tab.tsx';
import { GrantsTab } from './grants-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { PolicyTab } from './policy-tab.tsx';
import { RotationTab } from './rotation-tab.tsx';
import { TagsTab } from './tags-tab.tsx';

/** The content of a tab receives the key and its aliases. */
export interface KeyTabProps {
  readonly metadata: KeyMetadata;
  readonly keyId: string;
  readonly aliases: readonly string[];
}

interface Tab {
  readonly name: string;
  readonly title: string;
  readonly content: ComponentType<KeyTabProps>;
}

const tabs: readonly Tab[] = [
  { name: 'overview', title: 'Overview', content: OverviewTab },
  { name: 'try', title: 'Try it', content: TryTab },
  { name: 'policy', title: 'Policy', content: PolicyTab },
  { name: 'grants', title: 'Grants', content: GrantsTab },
  { name: 'tags', title: 'Tags and aliases', content: TagsTab },
  { name: 'rotation', title: 'Rotation', content: RotationTab },
];

interface Props {
  readonly keyId: string;
  readonly tabName: string;
}

export function KeyPage({ keyId, tabName }: Props) {
  const key = useLoad(() => readKey(keyId), [keyId]);
  const aliases = key.value?.aliases ?? [];
  return (
    <>
      <p class="breadcrumb">
        <a href={linkTo('keys')}>Keys</a>
      </p>
      <PageTitle title={aliases[0] ?? keyId} />
      <Loading loaded={key}>
        {({ metadata }) => (
          <>
            <KeyHead metadata={metadata} />
            <KeyTabs keyId={keyId} tabName={tabName} />
            <KeyTab tabName={tabName} metadata={metadata} keyId={metadata.KeyId ?? keyId} aliases={aliases} />
          </>
        )}
      </Loading>
    </>
  );
}

async function readKey(KeyId: string) {
  const { KeyMetadata: metadata } = await kmsReads().send(new DescribeKeyCommand({ KeyId }));
  if (metadata === undefined) throw new Error('The response contains no key metadata.');
  return { metadata, aliases: await listAliases(metadata.KeyId ?? KeyId) };
}

/** Returns no aliases if the caller may not list them. */
async function listAliases(KeyId: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { Aliases = [] } of paginateListAliases({ client: kmsReads(), pageSize: 100 }, { KeyId })) {
      names.push(...Aliases.flatMap(({ AliasName }) => AliasName ?? []));
    }
  } catch {
    return [];
  }
  return names.sort();
}

function KeyHead({ metadata }: { readonly metadata: KeyMetadata }) {
  const { KeyState = '', KeySpec, KeyUsage, Arn = '', MultiRegion, KeyManager } = metadata;
  return (
    <div class="key-head">
      <p class="badges">
        <KeyStateBadge state={KeyState} />
        <Badge tone="neutral" text={KeySpec ?? ''} />
        <Badge tone="neutral" text={formatUsage(KeyUsage)} />
        {MultiRegion && <Badge tone="accent" text="Multi-Region" />}
        {KeyManager === 'AWS' && <Badge tone="accent" text="AWS managed" />}
      </p>
      <CodeLine text={Arn} name="key ARN" />
    </div>
  );
}

function KeyTabs({ keyId, tabName }: Props) {
  return (
    <nav class="tabs" aria-label="Key">
      {tabs.map(({ name, title }) => (
        <a key={name} href={linkTo('keys', keyId, name)} aria-current={name === tabName ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}

function KeyTab({ tabName, ...props }: KeyTabProps & { readonly tabName: string }) {
  const { content: Content } = tabs.find(({ name }) => name === tabName) ?? tabs[0]!;
  return <Content key={props.keyId} {...props} />;
}
