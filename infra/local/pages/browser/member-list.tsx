import type { MemberDescription } from './describe-schema.ts';
import { InlineCode } from './inline-code.tsx';

type Member = MemberDescription & { readonly location?: string };

/** Lists members with their types, limits and values. Members of an object are hidden until the reader opens them. */
export function MemberList({ members }: { readonly members: readonly Member[] }) {
  return (
    <dl class="members">
      {members.map((member) => (
        <div key={member.name}>
          <dt>
            <code>{member.name}</code>
            {member.isRequired ? <span class="required">required</span> : null}
            {member.location === undefined || member.location === 'body' ? null : (
              <span class="location">{member.location}</span>
            )}
          </dt>
          <dd>
            <span class="type">
              {member.type}
              {member.limits === '' ? null : `, ${member.limits}`}
            </span>
            {member.description === '' ? null : (
              <p>
                <InlineCode text={member.description} />
              </p>
            )}
            <Values values={member.values} />
            {member.members.length === 0 ? null : (
              <details>
                <summary>
                  {member.members.length} {member.members.length === 1 ? 'member' : 'members'}
                </summary>
                <MemberList members={member.members} />
              </details>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Lists the values of an enum. A long list is hidden until the reader opens it. */
function Values({ values }: { readonly values: readonly string[] }) {
  if (values.length === 0) return null;
  const list = (
    <p class="values">
      {values.map((value) => (
        <code key={value}>{value}</code>
      ))}
    </p>
  );
  if (values.length <= 4) return list;
  return (
    <details>
      <summary>{values.length} values</summary>
      {list}
    </details>
  );
}
