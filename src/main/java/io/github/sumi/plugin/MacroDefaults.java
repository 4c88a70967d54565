// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import ij.ImagePlus;
import ij.Macro;
import org.scijava.Priority;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Plugin;

/**
 * Lets keys that a macro leaves out have their defaults in Fiji, as in plain ImageJ: Fiji would ask for them in a dialog in the
 * middle of the macro. A macro without any options gets the whole dialog, as with ImageJ's own commands.
 */
@Plugin(type = PreprocessorPlugin.class, priority = Priority.LOW)
public final class MacroDefaults extends AbstractPreprocessorPlugin {

    @Override
    public void process(Module module) {
        if (!(module.getDelegateObject() instanceof SumiCommand) || Macro.getOptions() == null) {
            return;
        }
        for (ModuleItem<?> input : module.getInfo().inputs()) {
            boolean needed = ImagePlus.class.isAssignableFrom(input.getType()) && input.isRequired();
            if (!needed && !module.isInputResolved(input.getName())) {
                module.resolveInput(input.getName());
            }
        }
    }
}
