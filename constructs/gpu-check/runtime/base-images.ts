/**
 * The images that a Dockerfile starts from, with its build arguments filled in. Stages of its own are none.
 *
 * @param given values of build arguments; others have the value that the Dockerfile gives them
 * @see https://docs.docker.com/reference/dockerfile/#from
 */
export function baseImagesOf(dockerfile: string, given: Readonly<Record<string, string>>): readonly string[] {
  const values = new Map<string, string>();
  const stages = new Set<string>();
  const images: string[] = [];
  for (const line of dockerfile.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, name, value = ''] = /^\s*ARG\s+(\w+)(?:=(\S+))?/i.exec(line) ?? [];
    // Arguments that FROM may use stand above the first FROM.
    if (name !== undefined && images.length === 0) values.set(name, given[name] ?? unquoted(value));
    const [, image, stage] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? [];
    if (image === undefined) continue;
    if (!stages.has(image.toLowerCase())) images.push(filled(image, values));
    if (stage !== undefined) stages.add(stage.toLowerCase());
  }
  return [...new Set(images)].filter((image) => image !== 'scratch');
}

const filled = (image: string, values: ReadonlyMap<string, string>): string =>
  image.replaceAll(
    /\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)/g,
    (_, braced?: string, fallback?: string, bare?: string) => {
      const value = values.get(braced ?? bare ?? '') ?? '';
      return value === '' ? (fallback ?? '') : value;
    },
  );

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');
