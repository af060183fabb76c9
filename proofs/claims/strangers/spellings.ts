/** Other spellings of a name that a careless comparison takes for the name itself. */
export function spellings(name: string): readonly (readonly [how: string, spelling: string])[] {
  const made = [
    ['with a suffix', `${name}-evil`],
    ['with a prefix', `evil-${name}`],
    ['with one letter more', `${name}s`],
    ['cut short', name.slice(0, -1)],
    ['in capitals', name.toUpperCase()],
    ['with a capital letter', name.charAt(0).toUpperCase() + name.slice(1)],
  ] as const;
  return made.filter(([, spelling]) => spelling !== '' && spelling !== name);
}
