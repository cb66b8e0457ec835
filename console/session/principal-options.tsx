import { listPrincipals } from '../state/control.ts';
import { useLoad } from '../state/use-load.ts';

/** Suggests the seed's principals in an input with `list={id}`. */
export function PrincipalOptions({ id }: { readonly id: string }) {
  const { value } = useLoad(listPrincipals, []);
  return (
    <datalist id={id}>
      {value?.principals.map(({ arn }) => (
        <option key={arn} value={arn} />
      ))}
    </datalist>
  );
}
