/**
 * Elements of a document in their order, after its first line.
 *
 * @throws Error where it is not well-formed
 */
export function elements(
  xml: string,
): readonly { readonly name: string; readonly attributes: Record<string, string> }[] {
  const open: string[] = [];
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const tag = /<(\/?)([a-z-]+)((?: [a-z]+="(?:[^"<&\n]|&(?:amp|lt|gt|quot|apos|#\d+);)*")*)>/y;
  const words = /(?:[^<&>]|&(?:amp|lt|gt|quot|apos|#\d+);)+/y;
  const start = xml.indexOf('\n');
  for (let index = start; index < xml.length;) {
    tag.lastIndex = words.lastIndex = index;
    const match = tag.exec(xml);
    const [whole, closes, name = '', attributes = ''] = match ?? words.exec(xml) ?? [];
    if (whole === undefined) throw new Error(`not XML at ${xml.slice(index, index + 40)}`);
    index += whole.length;
    if (!match) continue;
    if (closes === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes another`);
      continue;
    }
    open.push(name);
    const pairs = [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      value,
    ]);
    found.push({ name, attributes: Object.fromEntries(pairs) as Record<string, string> });
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} not closed`);
  return found;
}
