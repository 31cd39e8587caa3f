import { openProject } from '../context.ts';
import { SETTING_NAMES, SETTINGS } from '../core/settings.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { renderSettings } from '../render/config.ts';

/** Shows for every setting its value and where that came from. */
export async function explainConfigCommand(
  options: { readonly dir?: string | undefined; readonly json?: boolean | undefined },
  io: Invocation,
): Promise<number> {
  const { config, paths, prefix } = await openProject(io, options.dir);
  const settings = SETTING_NAMES.map(name => ({
    name,
    ...config.origins[name],
    home: SETTINGS[name].home,
    ...(config.settings[name] === Number.POSITIVE_INFINITY ? { value: 'unlimited' } : {}),
    // What counts is derived from it, or from the directory.
    ...(name === 'HARNESS_SESS_PREFIX' ? { value: prefix } : {}),
  }));
  for (const warning of config.warnings) io.err(`warning: ${warning}\n`);
  io.out(
    options.json
      ? `${JSON.stringify(settings, null, 2)}\n`
      : renderSettings(settings, { projectDir: paths.projectDir, color: io.useColor }),
  );
  return EXIT.ok;
}
