// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.FloatProcessor;
import io.github.sumi.imagej.ImageOptions;
import io.github.sumi.imagej.ImageRestorer;
import io.github.sumi.imagej.RunInfo;
import io.github.sumi.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {

    private static final DenoiseOptions OPTIONS = DenoiseOptions.defaults().withSigma(15).withMode(Mode.UNCERTAINTY).withSamples(2).withSteps(2);
    @TempDir
    Path folder;

    /** The model nuclei with what its sumi.json says of uncertainty. */
    private Model nuclei(String uncertainty) throws IOException {
        for (String file : new String[] {"unet/config.json", "unet/model.onnx", "scheduler/scheduler_config.json"}) {
            Files.createDirectories(folder.resolve(file).getParent());
            if (!Files.exists(folder.resolve(file))) {
                Files.copy(Path.of("models/nuclei", file), folder.resolve(file));
            }
        }
        Files.writeString(folder.resolve("sumi.json"), Files.readString(Path.of("models/nuclei/sumi.json")).replaceFirst("\\{", "{" + uncertainty));
        return Model.load(folder);
    }

    private static ImageRestorer.Result denoise(Model model) {
        ImagePlus image = new ImagePlus("cells", new FloatProcessor(48, 40, DenoiserTest.cells(48, 40, 15)));
        try (Denoiser denoiser = new Denoiser(model, OPTIONS)) {
            ImageRestorer.Result result = new ImageRestorer(denoiser, ImageOptions.defaults()).restore(image, Progress.NONE);
            RunInfo.add(result, model, OPTIONS, ImageOptions.defaults(), denoiser);
            return result;
        }
    }

    @Test
    void theFactorMultipliesTheSdAloneAndIsSaid() throws IOException {
        ImageRestorer.Result plain = denoise(nuclei(""));
        ImageRestorer.Result calibrated = denoise(nuclei("\"uncertainty\": {\"factor\": 1.5, \"calibratedOn\": \"four crops\"},"));
        assertArrayEquals((float[]) plain.image().getProcessor().getPixels(), (float[]) calibrated.image().getProcessor().getPixels());
        float[] before = (float[]) plain.sd().getProcessor().getPixels();
        float[] after = (float[]) calibrated.sd().getProcessor().getPixels();
        for (int i = 0; i < before.length; i++) {
            assertEquals(1.5 * before[i], after[i], 1e-4);
        }
        String info = calibrated.sd().getInfoProperty();
        assertTrue(info.contains("Sumi uncertainty: SD over the samples times 1.5") && info.contains("calibrated on four crops"), info);
        assertFalse(plain.sd().getInfoProperty().contains("Sumi uncertainty"), plain.sd().getInfoProperty());
    }
}
