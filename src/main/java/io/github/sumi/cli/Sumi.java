// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cli;

import io.github.sumi.imagej.About;
import io.github.sumi.model.ModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 done, 1 a file failed, 2 wrong usage or value, 130 cancelled. */
@Command(name = "sumi", mixinStandardHelpOptions = true, versionProvider = Sumi.Version.class,
        description = "Diffusion models for microscopy images: denoise real ones, generate new ones.",
        subcommands = {DenoiseCommand.class, TranslateCommand.class, NoiseCommand.class, GenerateCommand.class, InvertCommand.class, DiffuseCommand.class,
            ScheduleCommand.class, EvaluateCommand.class, ModelsCommand.class, DeviceCommand.class, MacroCommand.class})
public final class Sumi {

    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int CANCELLED = 130;
    private static final long PATIENCE_MILLIS = 10_000;

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        Thread interrupter = cancelOnInterrupt(Thread.currentThread());
        PrintWriter out = new PrintWriter(System.out, true);
        if (Arrays.asList(args).contains("--json")) {
            // what ImageJ prints of its own must not come between
            System.setOut(System.err);
        }
        int code = run(out, new PrintWriter(System.err, true), args);
        try {
            Runtime.getRuntime().removeShutdownHook(interrupter);
        } catch (IllegalStateException e) {
            // Ctrl-C: the JVM is ending already, with 130, and waits for this thread alone
            return;
        }
        System.exit(code);
    }

    /** Lets Ctrl-C cancel the command in order, so that it takes back what it has begun to write. */
    private static Thread cancelOnInterrupt(Thread worker) {
        Thread hook = new Thread(() -> {
            worker.interrupt();
            try {
                worker.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    /** Runs a command; results go to {@code out}, progress and errors to {@code err}. Returns the exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = line(out, err);
        return args.length == 0 ? line.execute("--help") : line.execute(args);
    }

    static CommandLine line(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Sumi()).setOut(out).setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, command, parsed) -> explain(exception, err))
                .setParameterExceptionHandler((exception, arguments) -> {
                    err.println(exception.getMessage() + ". See 'sumi " + name(exception.getCommandLine()) + "--help'.");
                    return USAGE;
                });
    }

    private static String name(CommandLine command) {
        return command.getParent() == null ? "" : command.getCommandName() + " ";
    }

    /** Says in a sentence what went wrong and returns the exit code for it. */
    static int explain(Throwable exception, PrintWriter err) {
        Throwable fault = ofCancel(exception);
        err.println(sentence(fault));
        if (fault instanceof CancellationException) {
            return CANCELLED;
        }
        return fault instanceof IllegalArgumentException ? USAGE : FAILED;
    }

    /** The fault itself, or the cancel that it comes from: once Ctrl-C is ending Java, nothing can be loaded any more. */
    static Throwable ofCancel(Throwable fault) {
        return Thread.currentThread().isInterrupted() ? new CancellationException("Cancelled.") : fault;
    }

    /** What went wrong. */
    static String sentence(Throwable fault) {
        if (fault instanceof CancellationException) {
            return "Cancelled; the file under way was not written.";
        }
        if (fault instanceof OutOfMemoryError) {
            return "Memory ran out; let Java take more, with -Xmx in JAVA_TOOL_OPTIONS, or process fewer pixels.";
        }
        boolean said = fault instanceof IllegalArgumentException || fault instanceof ModelException || fault instanceof IOException
                || fault instanceof UncheckedIOException;
        return said ? fault.getMessage() : "Sumi has a fault (" + fault + "); please report it with the command and the image.";
    }

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {About.version()};
        }
    }
}
