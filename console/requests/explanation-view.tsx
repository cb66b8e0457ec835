import type { ExplainedPermission, ExplainedStatement, Explanation } from '../../emulator/authorization/explain.ts';
import { Badge } from '../components/badge.tsx';

/** Shows which policy statements and grants decided about a request, and what is missing. */
export function ExplanationView({ explanation }: { readonly explanation: Explanation }) {
  const { permissions, message } = explanation;
  return (
    <div class="explanation">
      {permissions.length === 0 && message !== undefined && <p>{message}</p>}
      {permissions.map((permission) => (
        <PermissionView key={`${permission.action} ${permission.resource}`} permission={permission} />
      ))}
    </div>
  );
}

function PermissionView({ permission }: { readonly permission: ExplainedPermission }) {
  const { action, resource, decision, statements, grants, reason, missing, unknownConditionKeys } = permission;
  const isAllowed = decision === 'allowed';
  return (
    <section class="permission">
      <p class="permission-title">
        <Badge tone={isAllowed ? 'good' : 'bad'} text={isAllowed ? 'Allowed' : 'Denied'} />
        <code>{action}</code> on <code class="arn">{resource}</code>
      </p>
      <dl>
        {reason !== undefined && <Line name="Why" text={shortenReason(permission)} />}
        <div>
          <dt>Statements</dt>
          <dd>
            {statements.length === 0 ? (
              'No policy statement applies to this request.'
            ) : (
              <ul>
                {statements.map((statement) => (
                  <li key={`${statement.policy} ${statement.statement}`}>
                    <StatementText statement={statement} />
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </div>
        {grants.length > 0 && <Line name="Grants" text={grants.join(', ')} />}
        {unknownConditionKeys !== undefined && (
          <Line name="Not evaluated" text={`The emulator does not support ${unknownConditionKeys.join(', ')}.`} />
        )}
        {missing !== undefined && <Line name="To allow it" text={missing} isHighlighted />}
      </dl>
    </section>
  );
}

/** Removes the action and the resource, which the title already shows. */
function shortenReason({ action, resource, reason = '' }: ExplainedPermission): string {
  const text = reason.replace(`${action} on ${resource}: `, '').replace(/^because /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function StatementText({ statement: { effect, policy, statement, sid } }: { readonly statement: ExplainedStatement }) {
  return (
    <>
      <strong>{effect}</strong> by statement {statement}
      {sid !== undefined && (
        <>
          {' '}
          (<q>{sid}</q>)
        </>
      )}{' '}
      of the {policy}
    </>
  );
}

interface LineProps {
  readonly name: string;
  readonly text: string;
  readonly isHighlighted?: boolean;
}

function Line({ name, text, isHighlighted }: LineProps) {
  return (
    <div class={isHighlighted ? 'highlighted' : undefined}>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
