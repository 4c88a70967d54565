// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import java.awt.EventQueue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.scijava.Cancelable;
import org.scijava.command.CommandInfo;
import org.scijava.module.MethodCallException;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleRunner;

/** One run of one command: inputs, work, outputs. */
final class CommandRun {

    private final BridgeContext context;
    private final CommandInfo info;
    private final Caller caller;

    CommandRun(BridgeContext context, CommandInfo info, Caller caller) {
        this.context = context;
        this.info = info;
        this.caller = caller;
    }

    /** What the command is called in the menu. */
    static String label(CommandInfo info) {
        return info.getMenuPath().isEmpty() ? info.getTitle() : info.getMenuPath().getLeaf().getName();
    }

    /**
     * Asks or reads, runs, shows.
     *
     * @throws IllegalArgumentException with a sentence, if an input is missing or wrong
     * @throws BridgeException with a sentence, if the command failed
     * @throws CancellationException if the user cancelled
     */
    void run() {
        Module module = context.module(info);
        try {
            module.initialize();
        } catch (MethodCallException e) {
            throw new BridgeException(label(info), e);
        }
        Inputs inputs = new Inputs(module, context::objects);
        if (caller.options() == null) {
            ask(module, inputs);
        } else {
            read(inputs);
        }
        Map<String, String> texts = inputs.recorded();
        execute(module);
        if (caller.recorded() != null) {
            inputs.forget(texts);
            Recording.write(caller.recorded(), inputs.asked(), texts);
        }
        show(module);
    }

    private void read(Inputs inputs) {
        MacroOptions options = new MacroOptions(caller.options());
        Map<String, String> texts = options.read(inputs.given());
        for (String unknown : options.unknown(inputs.given())) {
            IJ.log(label(info) + " has no option " + unknown + "; it is ignored.");
        }
        inputs.checkImage(texts.keySet());
        inputs.fill(texts);
    }

    private void ask(Module module, Inputs inputs) {
        inputs.checkImage(Set.of());
        if (inputs.asked().isEmpty()) {
            inputs.fill(Map.of());
            return;
        }
        inputs.set(inputs.initial());
        module.preview();
        OptionsDialog dialog = new OptionsDialog(label(info), inputs.asked(), texts -> change(module, inputs, texts));
        Optional<Map<String, String>> texts = dialog.ask(inputs.initial());
        if (texts.isEmpty()) {
            module.cancel();
            throw new CancellationException();
        }
        inputs.fill(texts.get());
    }

    /** What is wrong with the values of the open dialog; the command is told of them, and shows a preview if it has one. */
    private Optional<String> change(Module module, Inputs inputs, Map<String, String> texts) {
        try {
            inputs.set(texts);
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
        context.queue(module::preview);
        return inputs.problem();
    }

    private void execute(Module module) {
        RuntimeException fault = null;
        try {
            work(module);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause().getCause() == null ? e.getCause() : e.getCause().getCause();
            if (Macro.MACRO_CANCELED.equals(cause.getMessage())) {
                fault = new CancellationException();
            } else {
                fault = new BridgeException(label(info), cause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fault = new CancellationException();
        }
        if (module instanceof Cancelable cancelable && cancelable.isCanceled()) {
            String reason = cancelable.getCancelReason();
            boolean quiet = reason == null || reason.isEmpty();
            throw quiet ? new CancellationException() : new BridgeException(reason);
        } else if (fault != null) {
            throw fault;
        }
    }

    /** Without SciJava's processors, which would load stored values, ask with a dialog of theirs and warn of ImagePlus outputs. */
    private void work(Module module) throws ExecutionException, InterruptedException {
        if (EventQueue.isDispatchThread()) {
            // waiting here for a thread that publishes its events here would never end
            try {
                new ModuleRunner(context.context(), module, List.of(), List.of()).call();
            } catch (RuntimeException e) {
                throw new ExecutionException(e);
            }
        } else {
            Map<String, Object> none = Map.of();
            context.modules().run(module, List.of(), List.of(), none).get();
        }
    }

    private void show(Module module) {
        Set<Object> shown = new HashSet<>();
        for (ModuleItem<?> item : module.getInfo().outputs()) {
            Object value = module.getOutput(item.getName());
            if (value instanceof ImagePlus image && image.getProcessor() != null && shown.add(image)) {
                Images.show(image);
            } else if (value instanceof String text && !text.isEmpty()) {
                IJ.log(text);
            }
        }
    }
}
