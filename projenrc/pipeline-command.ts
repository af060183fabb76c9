import type { Project } from 'projen';
import { Component } from 'projen/lib/component';
import { COMMAND_FILE } from './bundle-command';
import { GeneratedText } from './text-file';

/** Keeps the committed command equal to its sources. */
export class PipelineCommand extends Component {
  constructor(project: Project, text: string) {
    super(project);
    new GeneratedText(project, COMMAND_FILE, text, { executable: true });
  }
}
