// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.Macro;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.PluginService;

class MacroDefaultsTest {

    private Context context;

    @BeforeEach
    void start() {
        context = new Context();
    }

    @AfterEach
    void end() {
        context.dispose();
    }

    private Module processed(Class<? extends Command> command, String options) throws InterruptedException {
        Module module = context.service(ModuleService.class).createModule(context.service(CommandService.class).getCommand(command));
        module.resolveInput("seed");
        // Macro.getOptions answers on threads of this name alone
        Thread thread = new Thread(() -> {
            Macro.setOptions(options);
            new MacroDefaults().process(module);
        }, "Run$_test");
        thread.start();
        thread.join();
        return module;
    }

    @Test
    @DisplayName("Pain 19: a key that is left out opens a dialog in the middle of the macro")
    void whatAMacroLeavesOutIsNotAskedFor() throws Exception {
        Module module = processed(DdpmDenoise.class, "seed=3");
        assertTrue(module.isInputResolved("samples"));
        assertEquals(8, module.getInput("samples"));
        assertFalse(module.isInputResolved("input"), "Fiji has something to say when no image is open");
        assertTrue(processed(DdpmForwardDiffusion.class, "seed=3").isInputResolved("input"));
    }

    @Test
    void withoutOptionsTheDialogComes() throws Exception {
        assertFalse(processed(DdpmDenoise.class, null).isInputResolved("samples"));
        assertFalse(processed(DdpmDenoise.class, "").isInputResolved("samples"));
    }

    @Test
    void sciJavaFindsIt() {
        assertTrue(context.service(PluginService.class).getPluginsOfType(PreprocessorPlugin.class).stream()
                .anyMatch(plugin -> plugin.getClassName().equals(MacroDefaults.class.getName())));
    }
}
