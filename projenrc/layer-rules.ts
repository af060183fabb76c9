import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from 'projen';
import { Component } from 'projen/lib/component';
import { JsonFile } from 'projen/lib/json';

/** What a folder may import, and why. Enforced by the linter with `reason` as its message. */
interface Layer {
  readonly folder: string;
  /** Own folders that it may import besides itself. */
  readonly mayImport: readonly string[];
  /** Package patterns that it may not import. */
  readonly forbiddenPackages: readonly string[];
  readonly reason: string;
}

// The package `constructs`, and not our folder of that name.
const CDK = ['aws-cdk-lib', 'aws-cdk-lib/*', '/constructs', 'cdk-nag'];
const PROJEN = ['projen', 'projen/*'];
const AWS_SDK = ['@aws-sdk/*', '@smithy/*'];

/** Folders with layers, outermost last. `test`, `bench`, `projenrc` and `bin` compose and may import anything. */
const ROOMS = [
  'contract',
  'constructs',
  'lib',
  'workflows',
  'proofs',
  'rehearsal',
  'runbook',
  'runtime',
  'cli',
  'bin',
  'projenrc',
  'test',
  'bench',
  'conformance',
];

const LAYERS: readonly Layer[] = [
  {
    folder: 'contract',
    mayImport: [],
    forbiddenPackages: [...CDK, ...PROJEN, ...AWS_SDK],
    reason:
      'contract/ is the leaf that everybody reads: it imports nothing of ours, no CDK, no projen, no AWS SDK',
  },
  {
    folder: 'constructs',
    mayImport: ['contract'],
    forbiddenPackages: [...PROJEN],
    reason: 'constructs/ read only contract/ and siblings: what they need from outside comes in as props',
  },
  {
    folder: 'lib',
    mayImport: ['contract', 'constructs'],
    forbiddenPackages: [...PROJEN, ...AWS_SDK],
    reason: 'lib/ only composes constructs/ into stacks and a manifest',
  },
  {
    folder: 'workflows',
    mayImport: ['contract'],
    forbiddenPackages: [...CDK, ...AWS_SDK],
    reason: 'workflows/ read only contract/: put what you need into the manifest envelope',
  },
  {
    folder: 'proofs',
    mayImport: ['contract', 'workflows'],
    forbiddenPackages: [...CDK, ...PROJEN, ...AWS_SDK],
    reason:
      'proofs/ read back what was made: manifest, plans, templates and YAML, never the objects these came from',
  },
  {
    folder: 'rehearsal',
    mayImport: ['contract', 'proofs', 'workflows'],
    forbiddenPackages: [...CDK, ...PROJEN],
    reason:
      'rehearsal/ runs what was emitted against what was synthesized: files, templates and the bundled command, never the objects these came from',
  },
  {
    folder: 'runbook',
    mayImport: ['contract', 'constructs', 'workflows'],
    forbiddenPackages: [...CDK, ...PROJEN, ...AWS_SDK],
    reason:
      'runbook/ writes of what was made: manifest, plans and templates, and of constructs/ only specs and reviewed tables',
  },
  {
    folder: 'runtime',
    mayImport: ['contract', 'constructs'],
    forbiddenPackages: [...CDK, ...PROJEN],
    reason: 'runtime/ is bundled into the pipeline command: only contract/, specs and deployers may be in it',
  },
];

/** Blocks without infrastructure and without calls: whoever needs their tables may load them through their index. */
const TABLES: readonly string[] = ['gpu-compatibility'];

/** Writes the layer rules as data for `eslint.config.mjs`. New construct folders are covered at once. */
export class LayerRules extends Component {
  constructor(project: Project) {
    super(project);
    new JsonFile(project, '.projen/layer-rules.json', {
      obj: {
        zones: [...LAYERS.flatMap(zonesOf), ...constructZones(project.outdir)],
        packages: packageRules(),
      },
    });
  }
}

interface Zone {
  readonly target: string;
  readonly from: string;
  readonly except?: readonly string[];
  readonly message: string;
}

function zonesOf(layer: Layer): Zone[] {
  return ROOMS.filter((room) => room !== layer.folder && !layer.mayImport.includes(room)).map((room) => ({
    target: `./${layer.folder}`,
    from: `./${room}`,
    message: layer.reason,
  }));
}

/** One set of zones per construct folder: siblings are reached through their index, runtime stays lean. */
function constructZones(root: string): Zone[] {
  const blocks = readdirSync(join(root, 'constructs'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return blocks.flatMap((block): Zone[] => {
    const zones: Zone[] = blocks
      .filter((other) => other !== block)
      .map((other) => ({
        target: `./constructs/${block}`,
        from: `./constructs/${other}`,
        except: ['./index.ts'],
        message: `import constructs/${other} through its index.ts: the rest is its own affair`,
      }));
    if (existsSync(join(root, 'constructs', block, 'spec.ts'))) {
      zones.push({
        target: `./constructs/${block}/spec.ts`,
        from: './constructs',
        message:
          'a spec reads only contract/: it is loaded by infrastructure and by the pipeline command alike',
      });
    }
    if (existsSync(join(root, 'constructs', block, 'runtime'))) {
      zones.push({
        target: `./constructs/${block}/runtime`,
        from: `./constructs/${block}`,
        except: ['./runtime', './spec.ts'],
        message:
          'runtime/ of a target reads only contract/ and its spec: the pipeline command must not load the CDK',
      });
      zones.push({
        target: './runtime',
        from: `./constructs/${block}`,
        except: ['./runtime', './spec.ts'],
        message: 'runtime/ reads only specs and deployers: the pipeline command must not load the CDK',
      });
    } else {
      zones.push({
        target: './runtime',
        from: `./constructs/${block}`,
        ...(TABLES.includes(block) && { except: ['./index.ts'] }),
        message:
          'runtime/ reads only specs, deployers and tables: the pipeline command must not load the CDK',
      });
    }
    // Tables that everybody may load, and what manifests hold; constructs themselves load the CDK.
    if (!TABLES.includes(block)) {
      zones.push({
        target: './runbook',
        from: `./constructs/${block}`,
        except: ['./spec.ts'],
        message: 'runbook/ reads only specs and reviewed tables of constructs/',
      });
    }
    return zones;
  });
}

function packageRules(): { files: string[]; patterns: { group: readonly string[]; message: string }[] }[] {
  return [
    ...LAYERS.map((layer) => ({
      files: [`${layer.folder}/**/*.ts`],
      patterns: [{ group: layer.forbiddenPackages, message: layer.reason }],
    })),
    {
      files: ['constructs/*/*.ts'],
      patterns: [
        {
          group: [...PROJEN, ...AWS_SDK],
          message: 'constructs/ declare infrastructure: calls belong into runtime/',
        },
      ],
    },
    {
      files: TABLES.map((block) => `constructs/${block}/**/*.ts`),
      patterns: [
        {
          group: [...CDK, ...PROJEN, ...AWS_SDK],
          message: 'a block of tables and judgements: whoever needs one may load it',
        },
      ],
    },
    {
      files: ['constructs/*/runtime/**/*.ts', 'constructs/*/spec.ts'],
      patterns: [
        {
          group: [...CDK, ...PROJEN],
          message: 'specs and deployers are bundled into the pipeline command: no CDK, no projen',
        },
      ],
    },
  ];
}
