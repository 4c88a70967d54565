// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.packaging;

import java.util.Arrays;
import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;

/** Started in a JVM of its own on the class path of a Fiji folder: prints the commands, runs one, tells when ONNX Runtime came. */
final class CommandLister {

    private CommandLister() {
    }

    public static void main(String[] arguments) throws Exception {
        try (Context context = new Context()) {
            CommandService commands = context.service(CommandService.class);
            for (CommandInfo info : commands.getCommands()) {
                if (info.getDelegateClassName().startsWith("io.github.sumi.plugin.")) {
                    System.out.println("command " + info.getMenuPath().getLeaf().getName());
                }
            }
            System.out.println("before " + nativeLibraryIsLoaded());
            Object made = commands.run("io.github.sumi.plugin.DdpmGenerate", true, "width", 16, "height", 16, "steps", 2).get().getOutput("generated");
            System.out.println("made " + made);
            System.out.println("after " + nativeLibraryIsLoaded());
        }
        System.exit(0);
    }

    /** By the names of the files that this process has mapped; where they can't be read, by what the system's temporary folder got. */
    private static boolean nativeLibraryIsLoaded() throws Exception {
        java.nio.file.Path maps = java.nio.file.Path.of("/proc/self/maps");
        return java.nio.file.Files.isReadable(maps) ? java.nio.file.Files.readString(maps).contains("libonnxruntime")
                : Arrays.stream(new java.io.File(System.getProperty("java.io.tmpdir")).list()).anyMatch(name -> name.startsWith("onnxruntime-java"));
    }
}
