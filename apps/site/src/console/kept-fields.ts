export interface KeptField {
  name: string;
  value: string;
}

/** Names of the page that asks for a second factor itself; `response` is what a passkey says. */
const OF_THE_PROOF = /^(proof\..*|response)$/;

/**
 * The fields of a form to send again once its sender has shown who they are. None where one of them is
 * secret: half a form is worth nothing, and a secret must not stand in a page.
 */
export function keptFields(data: FormData, secrets: readonly string[] = []): KeptField[] {
  const fields = [...data].flatMap(([name, value]) =>
    typeof value === 'string' ? [{ name, value }] : [],
  );
  if (fields.some(({ name, value }) => secrets.includes(name) && value !== '')) return [];
  return fields.filter(({ name }) => !OF_THE_PROOF.test(name));
}
