// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.plugin.frame.Recorder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.scijava.module.Module;

class RecordingTest {

    private Module module;
    private Inputs inputs;

    @BeforeEach
    void dummy() {
        BridgeContext context = new BridgeContext();
        module = context.module(context.command(DummyCommand.class.getName()));
        inputs = new Inputs(module, context::objects);
        ij.WindowManager.setTempCurrentImage(new ij.ImagePlus("open", new ij.process.ByteProcessor(8, 8)));
        Recorder.resetCommandOptions();
    }

    @AfterEach
    void forget() {
        ij.WindowManager.setTempCurrentImage(null);
        Recorder.resetCommandOptions();
    }

    private String record(Map<String, String> texts) {
        inputs.fill(texts);
        Recording.write("Dummy...", inputs.asked(), inputs.recorded());
        return Recorder.getCommandOptions();
    }

    @Test
    void allValuesAreRecordedByFieldName() {
        assertEquals("model=nuclei noise=auto offset=0.5 count=3 seed=1 overwrite=false shade=DARK failure=none",
                record(inputs.initial()));
    }

    @Test
    void spacesAndQuotesArePutAsTheMacroLanguageNeedsThem() {
        assertEquals("model=[C:\\\\my \\\"own\\\" model] noise=auto readnoise=2 offset=20 count=3 seed=1 overwrite=true shade=DARK failure=none",
                record(Map.of("model", "C:\\my \"own\" model", "readnoise", "2.0", "offset", "20", "overwrite", "true")));
    }

    @Test
    @DisplayName("Pain 20: the recorded line can't be run")
    void aRecordedLineReadsBack() {
        Map<String, String> texts = new LinkedHashMap<>(inputs.initial());
        texts.put("model", "a [nested] model");
        assertTrue(Recording.isReadBack(inputs.asked(), recorded(texts)));
        for (String model : List.of("a] b", "[x]", "'x'", "my noise=3")) {
            texts.put("model", model);
            assertFalse(Recording.isReadBack(inputs.asked(), recorded(texts)), model);
        }
    }

    private Map<String, String> recorded(Map<String, String> texts) {
        inputs.fill(texts);
        return inputs.recorded();
    }
}
