// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManyStepsTest {

    private static final int SIZE = 256;
    /** Less than a tensor for each step or run, and more than a JVM grows by itself. */
    private static final long MOST_BYTES = 40 << 20;

    @TempDir
    Path folder;

    /**
     * A step allocates nothing, so nothing need be collected in one run, whatever its buffers may take; those of each of many runs are
     * collected when they have taken what they may. The heap is resident from the start: what grows is outside.
     */
    @ParameterizedTest
    @CsvSource({"1,1000,2g", "200,2,64m"})
    @Timeout(120)
    @DisplayName("Pain 12: native memory leaks with every step or run")
    void manyStepsAndRunsTakeTheMemoryOfFew(int runs, int steps, String buffers) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-Xms128m",
                "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=" + buffers, "-cp", System.getProperty("java.class.path"), Loop.class.getName(),
                TinyModel.folder(folder, "timestep-float-n").toString(), "" + runs, "" + steps).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(Long.parseLong(said.strip()) < MOST_BYTES, "grown by " + said);
    }

    /** Prints by how many bytes the process grew in these runs. */
    static final class Loop {

        private Loop() {
        }

        public static void main(String[] arguments) throws IOException {
            Model model = Model.load(Path.of(arguments[0]));
            for (int i = 0; i < 10; i++) {
                chain(model, 20);
            }
            long resident = residentBytes();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                chain(model, Integer.parseInt(arguments[2]));
            }
            System.out.println(residentBytes() - resident);
        }

        /** In tiles, so that each step cuts, predicts and blends; the last call of a step has fewer of them. */
        private static void chain(Model model, int steps) {
            DenoiseOptions options = DenoiseOptions.defaults().withSigma(20).withMode(Mode.SAMPLE).withSteps(steps).withTile(64).withOverlap(16);
            float[] pixels = new float[SIZE * SIZE];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = 1000 + i * (long) i % 97;
            }
            Img<FloatType> plane = ArrayImgs.floats(pixels, SIZE, SIZE);
            try (Denoiser denoiser = new Denoiser(model, options)) {
                denoiser.denoise(plane, denoiser.measure(plane), 0, Progress.NONE);
            }
        }

        /** What native code takes too; 0 where the system doesn't say. */
        private static long residentBytes() throws IOException {
            Path statm = Path.of("/proc/self/statm");
            return Files.isReadable(statm) ? 4096 * Long.parseLong(Files.readString(statm).split(" ")[1]) : 0;
        }
    }
}
