// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is packaged works where it is put: the zip in a Fiji folder, the all-jar by itself. */
class PackagesIT {

    /** Jars that Fiji ships and Sumi needs there. */
    private static final List<String> OF_FIJI = List.of("scijava-common-", "parsington-", "ij-1.", "imglib2-", "gson-", "commons-math3-", "ij1-patcher-", "javassist-");

    @TempDir
    Path fiji;

    private static List<Path> unzip(Path zip, Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : file.stream().filter(each -> !each.isDirectory()).toList()) {
                Path target = folder.resolve(entry.getName());
                Files.createDirectories(target.getParent());
                try (InputStream in = file.getInputStream(entry)) {
                    Files.copy(in, target);
                }
                jars.add(target);
            }
        }
        return jars;
    }

    private static String run(List<String> command) throws Exception {
        List<String> whole = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.awt.headless=true"));
        whole.addAll(command);
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private static Path packaged(String pattern) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches(pattern)).findFirst().orElseThrow();
        }
    }

    /** The commands of plain ImageJ's menu, which are all that there are. */
    private static List<String> menu() throws IOException {
        return Files.readAllLines(Path.of("src/bridge/plugins.config")).stream().map(line -> line.split("\""))
                .filter(parts -> parts.length > 2).map(parts -> parts[1]).sorted().toList();
    }

    @Test
    void theZipWorksBesideWhatFijiShips() throws Exception {
        List<Path> jars = unzip(Path.of("target/sumi-fiji.zip"), fiji);
        assertTrue(jars.stream().allMatch(jar -> fiji.relativize(jar).toString().matches("(plugins|jars)/[^/]+\\.jar")), jars.toString());
        List<String> classPath = jars.stream().map(Path::toString).collect(Collectors.toCollection(ArrayList::new));
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (OF_FIJI.stream().anyMatch(name -> new File(jar).getName().startsWith(name))) {
                classPath.add(jar);
            }
        }
        Map<String, String> owners = new HashMap<>();
        for (String jar : classPath) {
            try (ZipFile file = new ZipFile(jar)) {
                file.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class") && !name.contains("module-info") && !name.startsWith("META-INF"))
                        .forEach(name -> assertEquals(null, owners.put(name, jar), name + " is there twice"));
            }
        }
        classPath.add(Path.of("target/test-classes").toString());
        String said = run(List.of("-cp", String.join(File.pathSeparator, classPath), CommandLister.class.getName()));
        assertEquals(menu(), said.lines().filter(line -> line.startsWith("command ")).map(line -> line.substring(8)).sorted().toList(), said);
        assertTrue(jars.stream().noneMatch(jar -> OF_FIJI.stream().anyMatch(name -> jar.getFileName().toString().startsWith(name))), jars.toString());
        assertTrue(said.contains("before false") && said.contains("made img") && said.contains("after true"), said);
    }

    @Test
    void onlyTheAllJarHasPluginsConfig() throws Exception {
        Path all = packaged("Sumi_-.*-all\\.jar");
        try (ZipFile jar = new ZipFile(all.toFile()); ZipFile thin = new ZipFile(packaged("Sumi_-((?!all|sources|tests).)*\\.jar").toFile())) {
            assertTrue(jar.getEntry("plugins.config") != null && jar.getEntry("sumi-models/nuclei/unet/model.onnx") != null);
            assertEquals(null, thin.getEntry("plugins.config"));
        }
        assertTrue(run(List.of("-jar", all.toString(), "--version")).startsWith("Sumi "));
        assertFalse(run(List.of("-jar", all.toString(), "models")).contains("can't be used"));
    }
}
