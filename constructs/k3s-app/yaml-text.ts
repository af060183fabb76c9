import { Document, Scalar, visit } from 'yaml';
import type { KubernetesObject } from './kubernetes-object';

/** The text of an object, as people and Kubernetes read it. */
export function yamlOf(object: KubernetesObject): string {
  // Kubernetes reads YAML 1.1, where a bare `no` is false. No anchors: people read each object by itself.
  const document = new Document(object, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (role, node) => {
      const isSetting = role === 'key' && object.kind === 'ConfigMap';
      if (isSetting ? node.value === 'image' : hasImageLine(node)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({
    lineWidth: 0,
    singleQuote: true,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
}

/** The deployer puts digests behind lines that read `image: <repository>`: no setting may stand there as such a line. */
const hasImageLine = ({ value }: Scalar): boolean =>
  typeof value === 'string' && value.includes('\n') && IMAGE_LINE.test(value);

const IMAGE_LINE = /^\s*(?:- )?image:/m;
