/** @see https://trivy.dev/latest/docs/configuration/filtering/#by-severity */
export const SEVERITIES = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** Something that the scanner is to find. */
export interface Finding {
  /** Such as `CVE-2026-0001`. */
  readonly id: string;
  readonly severity: Severity;
}

/** What was scanned. */
export interface Scanned {
  readonly image: string;
  /** Digest of the image. */
  readonly digest: string;
  /** Digests of its layers. */
  readonly layers: readonly string[];
}

/** Level that code scanning shows, by severity. */
const LEVELS: Readonly<Record<Severity, string>> = {
  UNKNOWN: 'note',
  LOW: 'note',
  MEDIUM: 'warning',
  HIGH: 'error',
  CRITICAL: 'error',
};

/** @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif({ image }: Scanned, findings: readonly Finding[]): string {
  const rules = findings.map(({ id, severity }) => ({
    id,
    name: 'OsPackageVulnerability',
    shortDescription: { text: id },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['vulnerability', 'security', severity] },
  }));
  const results = findings.map(({ id, severity }, ruleIndex) => ({
    ruleId: id,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: `${id} (${severity}) in ${image}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: image, uriBaseId: 'ROOTPATH' } } }],
  }));
  const driver = { name: 'Trivy', fullName: 'Trivy Vulnerability Scanner', rules };
  return JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results }] }, null, 2);
}

/** @see https://cyclonedx.org/docs/1.6/json/ */
export function cyclonedx({ image, digest, layers }: Scanned, at: number): string {
  const component = { type: 'container', name: image, 'bom-ref': `pkg:oci/${digest}`, hashes: [] };
  const components = layers.map((layer) => ({ type: 'file', name: layer, 'bom-ref': layer }));
  const metadata = { timestamp: new Date(at).toISOString(), component };
  return JSON.stringify(
    { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata, components },
    null,
    2,
  );
}

/** For people, in the log. */
export function table({ image }: Scanned, findings: readonly Finding[]): string {
  const lines = findings.map(({ id, severity }) => `${severity.padEnd(8)} ${id}`);
  return [`${image}: ${findings.length} vulnerabilities`, ...lines].join('\n');
}
