// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import io.github.sumi.schedule.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can run the network here, how fast, and what the others lack; line by line. */
public final class DeviceReport {

    /** Pixels to each side of the call that is timed. */
    private static final int PROBE = 128;
    private static final int CALLS = 5;

    private final Model model;
    private final Tensor sample;
    private final List<String> lines = new ArrayList<>();
    /** What the processor makes of the sample. */
    private Tensor expected;

    private DeviceReport(Model model) {
        this.model = model;
        int multiple = model.info().sizeMultiple();
        int size = (PROBE + multiple - 1) / multiple * multiple;
        this.sample = Tensor.allocate(1, model.info().inChannels(), size, size);
        for (int i = 0; i < sample.size(); i++) {
            sample.buffer().put(i, (float) Math.sin(i * 0.37));
        }
    }

    /** Loads ONNX Runtime and times a call of the model's network on each device. @throws ModelException if that fails on the processor */
    public static List<String> lines(Model model) {
        DeviceReport report = new DeviceReport(model);
        RuntimeReport runtime = RuntimeReport.read();
        report.add("ONNX Runtime", runtime.version() + " from " + runtime.jar());
        report.add("compiled in", String.join(", ", runtime.providers()));
        List<NvidiaGpu> gpus = NvidiaGpu.all();
        report.add("driver", gpus.isEmpty() ? "none of NVIDIA's (nvidia-smi doesn't answer)" : "NVIDIA " + gpus.get(0).driver());
        gpus.forEach(gpu -> report.add("", gpu.toString()));
        if (DeviceSetup.hasCuda()) {
            report.addLibraries(CudaLibraries.ofThisMachine());
        }
        report.addDevices(gpus);
        return report.lines;
    }

    private void add(String title, String text) {
        lines.add(String.format(Locale.ROOT, "%-13s %s", title, text));
    }

    private void addLibraries(CudaLibraries libraries) {
        add("libraries", "in " + libraries.folder() + " (" + CudaLibraries.VARIABLE + " names another folder) or the system");
        boolean fill = false;
        for (CudaLibraries.State state : libraries.load(file -> System.load(file.toString()))) {
            boolean driver = state.name().equals(libraries.driver());
            fill |= !driver && (state.file() == null || !state.fault().isEmpty());
            add("  " + (state.file() == null ? "missing" : state.fault().isEmpty() ? driver ? "found" : "loaded" : "damaged"),
                    state.name() + (state.file() == null ? driver ? ". " + libraries.remedy(state.name()) : ""
                            : ", " + state.file() + (state.fault().isEmpty() ? "" : ": " + state.fault())));
        }
        if (fill) {
            add("  remedy", libraries.fill());
        }
    }

    private void addDevices(List<NvidiaGpu> gpus) {
        expected = time(Device.CPU, ", " + Runtime.getRuntime().availableProcessors() + " processors");
        List<Device> others = new ArrayList<>(List.of(Device.CUDA));
        gpus.stream().filter(gpu -> gpu.index() > 0).forEach(gpu -> others.add(Device.cuda(gpu.index())));
        others.add(Device.COREML);
        for (Device device : others) {
            try {
                time(device, "");
            } catch (ModelException e) {
                add(device.toString(), e.getMessage());
            }
        }
        try (OnnxNoisePredictor unet = model.open(Device.AUTO)) {
            add("in use", unet.device() + ", by device=auto");
        }
    }

    /** The median of some calls; the first also sets up, and isn't among them. */
    private Tensor time(Device device, String note) {
        Tensor output;
        double[] milliseconds = new double[CALLS];
        try (OnnxNoisePredictor unet = model.open(device)) {
            output = Tensor.allocate(1, unet.outChannels(), sample.h(), sample.w());
            unet.predict(sample, 0, output);
            for (int i = 0; i < CALLS; i++) {
                long begin = System.nanoTime();
                unet.predict(sample, 0, output);
                milliseconds[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        Arrays.sort(milliseconds);
        add(device.toString(), String.format(Locale.ROOT, "one UNet call of %s, %d x %d pixels: %.1f ms%s%s; %s", model.id(), sample.h(), sample.w(),
                milliseconds[CALLS / 2], note, expected == null ? "" : String.format(Locale.ROOT, ", %.1e from cpu at most", difference(output)),
                ProfiledCall.operations(model, device, sample.h())));
        return output;
    }

    private double difference(Tensor output) {
        double largest = 0;
        for (int i = 0; i < output.size(); i++) {
            double difference = Math.abs((double) output.buffer().get(i) - expected.buffer().get(i));
            // NaN too
            largest = difference <= largest ? largest : difference;
        }
        return largest;
    }
}
