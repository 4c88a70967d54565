// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import io.github.sumi.schedule.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What would run the network here, how fast, and why nothing else does; line by line. */
public final class DeviceReport {

    /** Pixels to each side of the call that is timed. */
    private static final int PROBE = 128;
    private static final Map<String, String> OTHERS = new LinkedHashMap<>();

    static {
        OTHERS.put("CUDA", "cuda  ");
        OTHERS.put("CORE_ML", "coreml");
    }

    private DeviceReport() {
    }

    /** @throws IllegalArgumentException unless the value of the key device is one that this build runs on */
    public static void check(String device) {
        if (!device.equals("auto") && !device.equals("cpu")) {
            throw new IllegalArgumentException("device is \"" + device + "\"; this build runs on auto or cpu.");
        }
    }

    /** Loads ONNX Runtime and times one call of the model's network. @throws ModelException if either fails */
    public static List<String> lines(Model model) {
        RuntimeReport runtime = RuntimeReport.read();
        List<String> lines = new ArrayList<>();
        lines.add("ONNX Runtime  " + runtime.version() + " from " + runtime.jar());
        lines.add("compiled in   " + String.join(", ", runtime.providers()));
        try (OnnxNoisePredictor unet = model.open()) {
            int size = (PROBE + unet.sizeMultiple() - 1) / unet.sizeMultiple() * unet.sizeMultiple();
            double milliseconds = milliseconds(unet, size);
            lines.add("in use        " + unet.device() + ", " + Runtime.getRuntime().availableProcessors() + " processors");
            lines.add(String.format(Locale.ROOT, "timed         one UNet call of %s, %d x %d pixels: %.1f ms", model.id(), size, size, milliseconds));
        }
        OTHERS.forEach((provider, device) -> lines.add("not in use    " + device + (runtime.providers().contains(provider)
                ? " is compiled in, but this version of Sumi runs on the processor alone" : " is not compiled into this ONNX Runtime")));
        return lines;
    }

    /** Of the second call: the first also sets up. */
    private static double milliseconds(OnnxNoisePredictor unet, int size) {
        Tensor sample = Tensor.allocate(1, unet.inChannels(), size, size);
        Tensor output = Tensor.allocate(1, unet.outChannels(), size, size);
        unet.predict(sample, 0, output);
        long begin = System.nanoTime();
        unet.predict(sample, 0, output);
        return (System.nanoTime() - begin) / 1e6;
    }
}
