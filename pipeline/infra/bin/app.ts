import { pipelineApp } from '../lib/stacks.ts';

pipelineApp().app.synth();
