/** A name in which `*` stands for any characters but a slash; everything else stands for itself. */
export function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+^$|(){}\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/]*')}$`);
}
