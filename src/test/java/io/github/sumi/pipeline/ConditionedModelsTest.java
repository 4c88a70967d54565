// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.TinyModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What can't do without an image beside x_t says what can. */
class ConditionedModelsTest {

    private static final Map<String, Consumer<Model>> OTHERS = Map.of(
            "denoise", model -> new Denoiser(model, DenoiseOptions.defaults()).close(),
            "denoise, a chain", model -> new Denoiser(model, DenoiseOptions.defaults().withMode(Mode.SAMPLE)).close(),
            "generate", model -> new Generator(model, GenerateOptions.defaults()).close(),
            "film", model -> new ForwardFilm(model, 1),
            "invert", model -> new Inverter(model, 1, null, null, Device.CPU).close(),
            "loss", model -> new LossEvaluator(model, 2, 1).close());

    @TempDir
    Path temporary;

    @TestFactory
    Stream<DynamicTest> areRefusedByWhatGivesThemNoImage() {
        Model model = Model.load(TinyModel.conditioned(temporary, ""));
        return OTHERS.entrySet().stream().map(other -> DynamicTest.dynamicTest(other.getKey(), () -> assertEquals(
                "Model condition makes an image of another that it is given, which DDPM Translate... and 'sumi translate' do. Choose another model for this.",
                assertThrows(ModelException.class, () -> other.getValue().accept(model)).getMessage())));
    }
}
