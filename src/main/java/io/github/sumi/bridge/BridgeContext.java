// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import java.util.List;
import java.util.concurrent.Executors;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.event.EventService;
import org.scijava.log.LogService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.module.process.GatewayPreprocessor;
import org.scijava.module.process.LoggerPreprocessor;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.module.process.ServicePreprocessor;
import org.scijava.object.ObjectService;
import org.scijava.plugin.PluginService;
import org.scijava.service.Service;
import org.scijava.service.ServiceHelper;
import org.scijava.thread.ThreadService;

/** A SciJava context with the services that running a command takes, and none that opens windows. */
final class BridgeContext {

    private final Context context;
    // the event service holds its subscribers weakly
    private final StatusForwarder forwarder = new StatusForwarder();

    BridgeContext() {
        context = new Context(PluginService.class, LogService.class, EventService.class, ThreadService.class, StatusService.class,
                ModuleService.class, CommandService.class, ObjectService.class);
        context.service(EventService.class).subscribe(forwarder);
        // a group of its own: a command that calls Interpreter.abort() has all macro threads of its thread group killed by ImageJ
        ThreadGroup group = new ThreadGroup("SciJava bridge");
        context.service(ThreadService.class).setExecutorService(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(group, task, "SciJava-bridge");
            thread.setDaemon(true);
            return thread;
        }));
    }

    Context context() {
        return context;
    }

    ModuleService modules() {
        return context.service(ModuleService.class);
    }

    /** The objects that there are of a type. */
    List<?> objects(Class<?> type) {
        return context.service(ObjectService.class).getObjects(type);
    }

    /** Does this after what was queued before, on another thread. */
    void queue(Runnable task) {
        context.service(ThreadService.class).queue(task);
    }

    /** @throws IllegalArgumentException if there is no such command */
    CommandInfo command(String className) {
        CommandInfo info = context.service(CommandService.class).getCommand(className);
        if (info == null) {
            throw new IllegalArgumentException("There is no command " + className + ".");
        }
        return info;
    }

    /** A module of the command with services and loggers in place. */
    Module module(CommandInfo info) {
        loadServices(info);
        Module module = modules().createModule(info);
        if (module == null) {
            throw new IllegalArgumentException("The command " + info.getClassName() + " cannot be started.");
        }
        process(new ServicePreprocessor(), module);
        process(new GatewayPreprocessor(), module);
        process(new LoggerPreprocessor(), module);
        return module;
    }

    /** Optional services stay away: the one for user interfaces is among them. */
    private void loadServices(CommandInfo info) {
        for (ModuleItem<?> item : info.inputs()) {
            if (Service.class.isAssignableFrom(item.getType()) && item.isRequired()) {
                new ServiceHelper(context).loadService(item.getType().asSubclass(Service.class));
            }
        }
    }

    private void process(PreprocessorPlugin processor, Module module) {
        context.inject(processor);
        processor.process(module);
    }
}
