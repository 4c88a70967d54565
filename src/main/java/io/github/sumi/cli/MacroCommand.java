// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import net.imagej.patcher.LegacyEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sumi macro FILE [ARG]}. */
@Command(name = "macro", mixinStandardHelpOptions = true, description = "Run an ImageJ macro without a display, with Sumi's commands.")
final class MacroCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "an .ijm file")
    Path file;
    @Parameters(index = "1", paramLabel = "ARG", arity = "0..1", defaultValue = "", description = "what getArgument() gives in it")
    String argument;
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no file " + file + ".");
        }
        if (!file.toString().matches("(?i).*\\.(ijm|txt)")) {
            throw new IOException(file + " is no ImageJ macro; sumi runs files whose names end in .ijm or .txt.");
        }
        // not readString, which refuses a file of another encoding for a letter in a comment
        String fault = run(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), argument);
        if (fault != null) {
            spec.commandLine().getErr().println(file + " stopped before its end" + (fault.isEmpty() ? "." : ": " + fault));
            return Sumi.FAILED;
        }
        return 0;
    }

    /** Loads all classes anew, since ImageJ's must be changed before they are loaded to do without a display. */
    private static String run(String code, String argument) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // not closed: ImageJ's threads may outlive the macro, and the JVM ends after it
        ClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
        thread.setContextClassLoader(loader);
        try {
            LegacyEnvironment environment = new LegacyEnvironment(loader, true);
            environment.disableIJ1PluginDirs();
            environment.disableInitializer();
            environment.noPluginClassLoader();
            environment.suppressIJ1ScriptDiscovery();
            environment.applyPatches();
            return (String) loader.loadClass(MacroRun.class.getName()).getMethod("run", String.class, String.class).invoke(null, code, argument);
        } catch (InvocationTargetException e) {
            throw new IOException(e.getCause() instanceof IOException ? e.getCause().getMessage()
                    : "The macro can't be run (" + e.getCause() + ").", e);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw new IOException("ImageJ can't be made to run without a display here; start Sumi by its script, or by"
                    + " java --add-opens java.base/java.lang=ALL-UNNAMED.", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }
}
