#!/usr/bin/env tsx
import { addGpuMatrix } from '../cli/add-gpu-matrix';
import { addPlan } from '../cli/add-plan';
import { addProve } from '../cli/add-prove';
import { addRehearse } from '../cli/add-rehearse';
import { addSummary } from '../cli/add-summary';
import { addValidate } from '../cli/add-validate';
import { runProcess } from '../runtime/process';

// The command line on an engineer's machine: the verbs that workflows run, and what only people need.
runProcess([addProve, addRehearse, addPlan, addValidate, addSummary, addGpuMatrix]);
