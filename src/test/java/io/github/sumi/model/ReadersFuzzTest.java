// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.sumi.schedule.NoiseSchedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model is data from strangers: whatever its files hold, reading them ends soon, in a model or a {@link ModelException}.
 * {@code -Dsumi.fuzz=100000} tries more than the share that every build does.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadersFuzzTest {

    private static final int INPUTS = Integer.getInteger("sumi.fuzz", 4000);
    private static final int SLOWEST_MILLIS = 5000;

    @TempDir
    Path temporary;
    private final Map<String, byte[]> sound = new LinkedHashMap<>();

    @BeforeEach
    void readASoundModel() throws IOException {
        Path folder = TinyModel.folder(temporary, "class-labels");
        Files.writeString(folder.resolve("unet/config.json"), "{\"in_channels\": 1, \"out_channels\": 1, \"block_out_channels\": [8], \"num_class_embeds\": 3}");
        for (String name : new String[] {"model_index.json", "scheduler/scheduler_config.json"}) {
            sound.put(name, Files.readAllBytes(Path.of("models/nuclei").resolve(name)));
        }
        sound.put("unet/config.json", Files.readAllBytes(folder.resolve("unet/config.json")));
        sound.put("unet/model.onnx", Files.readAllBytes(folder.resolve("unet/model.onnx")));
        String values = Base64.getEncoder().encodeToString(new byte[4 * 4 * Float.BYTES]);
        sound.put("sumi.json", ("{\"formatVersion\": 1, \"name\": \"n\", \"version\": 2, \"description\": \"d\", \"license\": \"l\", \"citation\": \"c\","
                + "\"trainingData\": \"t\", \"trainedFor\": \"f\", \"tile\": 64, \"overlap\": 32, \"sizeMultiple\": 1, \"receptiveField\": 9, \"labels\": [\"a\", \"b\"],"
                + "\"normalization\": {\"lowPercentile\": 1.0, \"highPercentile\": 99.8}, \"sha256\": \"" + Model.load(folder).sha256()
                + "\", \"test\": {\"shape\": [1, 1, 4, 4], \"timestep\": 0.0, \"tolerance\": 0.0001, \"input\": \"" + values
                + "\", \"output\": \"" + values + "\"}}").getBytes(StandardCharsets.UTF_8));
        use(new InMemory(sound));
    }

    /** All that a run needs of a model, and one call of its network. */
    private static void use(ModelFiles files) {
        Model model = new Model("fuzzed", files);
        if (!model.scheduler().type().className().startsWith("EDM")) {
            NoiseSchedule.of(model.scheduler());
        }
        model.tryOut();
    }

    private interface Input {
        void read(Mutator mutator) throws IOException;
    }

    private static void fuzz(String kind, int count, Input input) {
        int accepted = 0;
        long slowest = 0;
        for (int seed = 0; seed < count; seed++) {
            long begin = System.nanoTime();
            try {
                input.read(new Mutator(seed));
                accepted++;
            } catch (ModelException e) {
                assertTrue(e.getMessage().length() <= ModelException.MAX_LENGTH + 3 && !e.getMessage().matches("(?s).*\\p{Cc}.*"),
                        kind + " " + seed + ": " + e.getMessage());
            } catch (Throwable e) {
                fail(kind + " " + seed + " ended in " + e, e);
            }
            slowest = Math.max(slowest, System.nanoTime() - begin);
        }
        if (System.getProperty("sumi.fuzz") != null) {
            System.out.println(kind + ": " + count + " inputs, " + accepted + " accepted, slowest " + slowest / 1_000_000 + " ms");
        }
        assertTrue(slowest < SLOWEST_MILLIS * 1_000_000L, kind + ": one input took " + slowest / 1_000_000 + " ms");
        assertTrue(accepted > 0 && accepted < count, kind + ": " + accepted + " of " + count + " accepted");
    }

    @Test
    void jsonOfAnyShapeIsReadOrRefused() throws IOException {
        String[] names = {"sumi.json", "sumi.json", "scheduler/scheduler_config.json", "scheduler/scheduler_config.json",
            "unet/config.json", "model_index.json"};
        Map<String, byte[]> conditioned = conditioned();
        use(new InMemory(conditioned));
        fuzz("json", INPUTS / 2, mutator -> {
            Map<String, byte[]> files = new LinkedHashMap<>(mutator.below(4) == 0 ? conditioned : sound);
            files.computeIfPresent(names[mutator.below(names.length)], (name, content) -> mutator.json(content));
            use(new InMemory(files));
        });
    }

    /** A model that is given an image, without sumi.json. */
    private Map<String, byte[]> conditioned() throws IOException {
        Path folder = TinyModel.conditioned(temporary, ", \"variance_type\": \"fixed_small\"");
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : new String[] {"scheduler/scheduler_config.json", "unet/config.json", "unet/model.onnx"}) {
            files.put(name, Files.readAllBytes(folder.resolve(name)));
        }
        return files;
    }

    @Test
    void zipsOfAnyShapeAreReadOrRefused() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zipped)) {
            for (Map.Entry<String, byte[]> file : sound.entrySet()) {
                out.putNextEntry(new ZipEntry("model/" + file.getKey()));
                out.write(file.getValue());
            }
        }
        byte[] zip = zipped.toByteArray();
        int directory = zip.length - 400;
        Path file = temporary.resolve("fuzzed.zip");
        fuzz("zip", INPUTS / 4, mutator -> {
            Files.write(file, mutator.bytes(zip, mutator.below(2) * directory));
            use(ModelFiles.of(file));
        });
    }

    /** The search for external data alone: what it lets through is ONNX Runtime's to read. */
    @Test
    void onnxOfAnyShapeIsReadOrRefused() throws IOException {
        byte[] outside = Files.readAllBytes(Path.of("src/test/resources/models/external-in-branch.onnx"));
        byte[] inside = sound.get("unet/model.onnx");
        fuzz("onnx", INPUTS - INPUTS / 2 - INPUTS / 4,
                mutator -> OnnxFile.check("model.onnx", mutator.bytes(mutator.below(2) == 0 ? outside : inside, 0)));
    }

    /** A model's files without a disk. */
    private record InMemory(Map<String, byte[]> files) implements ModelFiles {

        @Override
        public String location() {
            return "memory";
        }

        @Override
        public byte[] readIfPresent(String name) {
            return files.get(name);
        }

        @Override
        public Stream<String> names() {
            return files.keySet().stream();
        }
    }
}
