import { launch } from './airbyte/launch.ts';
import { source } from './source.ts';

void launch(source, process);
