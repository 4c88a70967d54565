// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Who is given which model: what can't do without an image beside x_t, or with one, says what can. */
class ConditionedModelsTest {

    private static final Map<String, Consumer<Model>> OTHERS = Map.of(
            "denoise", model -> new Denoiser(model, DenoiseOptions.defaults()).close(),
            "denoise, a chain", model -> new Denoiser(model, DenoiseOptions.defaults().withMode(Mode.SAMPLE)).close(),
            "generate", model -> new Generator(model, GenerateOptions.defaults()).close(),
            "film", model -> new ForwardFilm(model, 1),
            "invert", model -> new Inverter(model, 1, null, null, Device.CPU).close(),
            "loss", model -> new LossEvaluator(model, 2, 1).close());

    private static final TranslateOptions OPTIONS = TranslateOptions.defaults().withSteps(5);

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> areRefusedByWhatGivesThemNoImage() {
        Model model = Model.load(TinyModel.conditioned(temporary, ""));
        return OTHERS.entrySet().stream().map(other -> DynamicTest.dynamicTest(other.getKey(), () -> assertEquals(
                "Model condition makes an image of another that it is given, which DDPM Translate... and 'sumi translate' do. Choose another model for this.",
                assertThrows(ModelException.class, () -> other.getValue().accept(model)).getMessage())));
    }

    @Test
    void theMeanOfANetworkThatPredictsNoiseIsRefused() {
        Path epsilon = TinyModel.conditioned(temporary, ", \"prediction_type\": \"epsilon\"");
        String message = assertThrows(IllegalArgumentException.class, () -> new Translator(Model.load(epsilon), OPTIONS)).getMessage();
        assertTrue(message.startsWith("mode is mean, but model condition predicts noise") && message.endsWith("choose mode sample or uncertainty."), message);
        new Translator(Model.load(epsilon), OPTIONS.withMode(Mode.SAMPLE)).close();
    }

    @Test
    void modelsOfOtherChannelsAreRefused() throws IOException {
        Model nuclei = Model.load(Path.of("models/nuclei"));
        String message = assertThrows(ModelException.class, () -> new Translator(nuclei, OPTIONS)).getMessage();
        assertTrue(message.startsWith("Model nuclei isn't given an image") && message.contains("DDPM Denoise..."), message);
        Path folder = TinyModel.conditioned(temporary, "");
        Files.writeString(folder.resolve("unet/config.json"), "{\"in_channels\": 5, \"out_channels\": 2}");
        String channels = assertThrows(ModelException.class, () -> new Translator(Model.load(folder), OPTIONS)).getMessage();
        assertTrue(channels.startsWith("Model condition makes images of 2 channels of images of 3;"), channels);
    }

    @Test
    void valuesHaveRanges() {
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withSamples(1));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withSteps(1001));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withSeed(-1));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withTiles(16, 16));
        String eta = assertThrows(IllegalArgumentException.class,
                () -> new Translator(Model.load(TinyModel.conditioned(temporary, "")), OPTIONS.withMode(Mode.SAMPLE).withSampling(new Sampling(null, 0.5)))).getMessage();
        assertTrue(eta.startsWith("eta is 0.5"), eta);
        assertEquals(1, OPTIONS.evaluations());
        assertEquals(5, OPTIONS.withMode(Mode.SAMPLE).evaluations());
        assertEquals(40, OPTIONS.withMode(Mode.UNCERTAINTY).evaluations());
    }
}
