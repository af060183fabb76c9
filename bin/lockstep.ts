#!/usr/bin/env tsx
import { addSummary } from '../cli/add-summary';
import { runProcess } from '../runtime/process';

// The command line on an engineer's machine: the verbs that workflows run, and what only people need.
runProcess([addSummary]);
