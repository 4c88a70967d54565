// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleItem;
import org.scijava.service.Service;

/** What Fiji's way with inputs asks of every command. */
class CommandFieldsTest {

    /** What Fiji resolves without a dialog of its own once a macro gives it; it would open a file chooser for a lone File. */
    private static final Set<Class<?>> TYPES = Set.of(ImagePlus.class, String.class, ModelName.class, LabelName.class, boolean.class, Boolean.class, int.class, long.class,
            double.class);

    private Context context;
    private List<CommandInfo> commands;

    @BeforeEach
    void start() {
        context = new Context();
        commands = context.service(CommandService.class).getCommands().stream()
                .filter(info -> info.getClassName().startsWith(getClass().getPackageName() + ".Ddpm")).toList();
        assertFalse(commands.isEmpty());
    }

    @AfterEach
    void end() {
        context.dispose();
    }

    /** What a user or a macro gives. */
    private static List<ModuleItem<?>> inputs(CommandInfo command) {
        List<ModuleItem<?>> inputs = new ArrayList<>();
        command.inputs().forEach(inputs::add);
        inputs.removeIf(input -> Service.class.isAssignableFrom(input.getType()) || Context.class == input.getType());
        return inputs;
    }

    @Test
    @DisplayName("Pain 19: a dialog pops up inside a macro loop")
    void noInputNeedsADialogOfItsOwn() {
        for (CommandInfo command : commands) {
            List<ModuleItem<?>> inputs = inputs(command);
            for (ModuleItem<?> input : inputs) {
                assertTrue(TYPES.contains(input.getType()), command.getClassName() + " has " + input.getName() + ", a " + input.getType());
            }
            assertTrue(inputs.stream().filter(input -> input.getType() == ImagePlus.class).count() <= 1,
                    command.getClassName() + ": Fiji fills in the current image where there is one to fill in");
        }
    }

    /** Fiji would give a macro that leaves a key out the value of the last run, and an image by its title a new, empty one. */
    @Test
    @DisplayName("Pain 19: a macro gets what the last dialog was given")
    void nothingIsRememberedFromAnEarlierRun() {
        for (CommandInfo command : commands) {
            for (ModuleItem<?> input : inputs(command)) {
                assertFalse(input.isPersisted(), command.getClassName() + " remembers " + input.getName());
            }
        }
    }

    /** ImageJ looks for "key=" wherever no letter is before it, and takes the option string's case as it is. */
    @Test
    @DisplayName("Pain 20: keys have one first word, or are found in one another")
    void keysAreWordsOfSmallLetters() {
        for (CommandInfo command : commands) {
            for (ModuleItem<?> input : inputs(command)) {
                assertTrue(input.getName().matches("[a-z]+"), command.getClassName() + ": " + input.getName());
            }
        }
    }

    /** Macros know a command by the last label of its menu alone, whoever's it is. */
    @Test
    @DisplayName("Pain 20: two commands have one name")
    void labelsAreSumisOwn() {
        Set<String> labels = new TreeSet<>();
        for (CommandInfo command : commands) {
            String label = command.getMenuPath().getLeaf().getName();
            assertTrue(label.matches("DDPM [A-Z][A-Za-z ]+\\.\\.\\."), label);
            labels.add(label);
        }
        assertEquals(commands.size(), labels.size());
    }

    @Test
    @DisplayName("Pain 18: a command is for windows only")
    void everyCommandSaysThatItRunsHeadless() {
        for (CommandInfo command : commands) {
            assertTrue(command.canRunHeadless(), command.getClassName());
        }
    }
}
