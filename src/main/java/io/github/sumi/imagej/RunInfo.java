// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.ImagePlus;
import io.github.sumi.model.ClassLabels;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.ClassChoice;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
import io.github.sumi.pipeline.Inverter;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.PlaneRestorer;
import io.github.sumi.pipeline.RestoreOptions;
import io.github.sumi.pipeline.Sampling;
import io.github.sumi.pipeline.ScheduleTable;
import io.github.sumi.pipeline.TrainingLoss;
import io.github.sumi.pipeline.TranslateOptions;
import io.github.sumi.pipeline.Translator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What really ran, as lines for the result's Info. */
public final class RunInfo {

    private static final String MEMORY = "Sumi memory was short";
    private static final String DEVICE = "Sumi device: ";
    private static final String CAUTION = "Sumi caution: detail that the image doesn't show is what the training pairs make likely, not measured; mode uncertainty shows where it varies\n";
    private static final Pattern FALLBACK = Pattern.compile("cpu \\((.*)\\)(?=$|, [0-9.]+ ms)");

    private RunInfo() {
    }

    /** Appends to the Info of the results: model, noise, mode, seed, tile, device, time, and a macro line that repeats it. */
    public static void add(ImageRestorer.Result result, Model model, DenoiseOptions asked, ImageOptions image, Denoiser denoiser) {
        DenoiseOptions options = denoiser.used(asked);
        String noise = "Sumi noise: " + result.noise().model().describe() + estimated(result, options) + "\n";
        append(result, model, denoiser, noise + mode(model, options, options.flips() ? "8 flips and turns" : evaluations(options, denoiser.sampler())),
                MacroLine.denoise(model, options, image));
    }

    /** Appends to the Info of the results of translating: the same but for the noise, and how far to trust it. */
    public static void add(ImageRestorer.Result result, Model model, TranslateOptions asked, ImageOptions image, Translator translator) {
        TranslateOptions options = translator.used(asked);
        append(result, model, translator, mode(model, options, evaluations(options, translator.sampler())) + CAUTION, MacroLine.translate(model, options, image));
    }

    private static String evaluations(RestoreOptions options, String sampler) {
        return options.mode() == Mode.MEAN ? "1 UNet evaluation"
                : sampler + ", " + options.steps() + " steps" + (options.mode() == Mode.SAMPLE ? "" : ", " + options.samples() + " samples");
    }

    private static String mode(Model model, RestoreOptions options, String evaluations) {
        return "Sumi mode: " + options.mode().key() + " (" + evaluations + "), seed " + options.seed() + ", tile "
                + MacroLine.tile(model, options.tile()) + "\n";
    }

    private static void append(ImageRestorer.Result result, Model model, PlaneRestorer restorer, String how, String line) {
        String text = String.format(Locale.ROOT, """
                Sumi model: %s@%d, SHA-256 %s
                %sSumi device: %s, %.1f ms per UNet call
                Sumi planes: %d %sd, %d constant ones left as they are, %d clipped pixels
                %sSumi macro: %s
                """, model.id(), model.info().version(), model.sha256(), how, restorer.device(), restorer.msPerCall(), result.planes(), restorer.verb(),
                result.constant(), result.clipped(), missing(result.missing(), "planes") + result.notes() + uncertainty(model, restorer.mode())
                + residual(result) + memory(restorer.memoryNote()), line);
        result.images().forEach(each -> append(each, text));
    }

    /** Appends to the Info of generated images: model, chain, seed, tile, device, time, and a macro line that repeats it. */
    static void add(ImagePlus generated, Model model, Generator generator, ImageGenerator.Form form) {
        GenerateOptions options = generator.used();
        append(generated, String.format(Locale.ROOT, """
                Sumi model: %s@%d, SHA-256 %s
                Sumi chain: %s, %d steps, seed %d, tile %d
                Sumi device: %s, %.1f ms per UNet call
                %sSumi macro: %s
                """, model.id(), model.info().version(), model.sha256(), generator.sampler(), options.steps(), options.seed(),
                MacroLine.tile(model, options.tile()), generator.device(), generator.msPerCall(),
                labels(model.info().labels(), options.choice()) + missing(options.count() - generated.getNSlices(), "images") + memory(generator.memoryNote()), MacroLine.generate(model, options, form)));
    }

    private static String labels(ClassLabels labels, ClassChoice choice) {
        return labels.isEmpty() ? "" : String.format(Locale.ROOT, "Sumi label: %s, guidance %s\n", choice.label().equals(ClassLabels.ALL)
                ? "in turn " + labels.describe() : labels.names().get(labels.index(choice.label())), choice.guidance());
    }

    /** Appends to the Info of a film: model, timesteps, seed, and a macro line that repeats it on the same plane. */
    static void add(ImagePlus film, Model model, String timesteps, long seed) {
        append(film, String.format(Locale.ROOT, """
                Sumi model: %s@%d, SHA-256 %s
                Sumi film: forward process, timesteps %s, seed %d
                Sumi macro: %s
                """, model.id(), model.info().version(), model.sha256(), timesteps, seed, MacroLine.film(model, timesteps, seed)));
    }

    /** Gives plots of a schedule an Info: model, chain, and a macro line that makes them again. */
    static void addSchedule(ImagePlus plot, Model model, ScheduleTable table, Sampling sampling, int steps) {
        append(plot, String.format(Locale.ROOT, """
                Sumi model: %s@%d
                Sumi chain: %s, %d evaluations of the network
                Sumi macro: %s
                """, model.id(), model.info().version(), table.sampler(), table.visited().size(), MacroLine.schedule(model, sampling, steps)));
    }

    /** Gives the plot of a loss an Info: model, losses, how they were measured, and a macro line that measures them again. */
    static void addLoss(ImagePlus plot, Model model, TrainingLoss loss, int samples, long seed) {
        append(plot, String.format(Locale.ROOT, """
                Sumi model: %s@%d, SHA-256 %s
                Sumi loss: %s
                Sumi loss of: %s
                Sumi macro: %s
                """, model.id(), model.info().version(), model.sha256(), LossReport.summary(loss), LossReport.conditions(loss),
                MacroLine.loss(model, samples, seed)));
    }

    /** Appends to the Info of an inversion's results: model, chain, device, error of the round trip, and the macro line. */
    static void addInversion(ImagePlus result, Model model, Inverter inverter, double psnr, String line) {
        append(result, String.format(Locale.ROOT, """
                Sumi model: %s@%d, SHA-256 %s
                Sumi chain: ddim backwards and forwards, eta 0, %d steps each way, tile %d
                Sumi device: %s
                Sumi round trip: %.2f dB, the model's range as the peak
                %sSumi macro: %s
                """, model.id(), model.info().version(), model.sha256(), inverter.steps(), inverter.tile(), inverter.device(), psnr,
                memory(inverter.memoryNote()), line));
    }

    /** What the user should know of the run that made an image: the device that failed, what memory forced; empty if nothing. */
    public static String note(ImagePlus result) {
        String info = result.getInfoProperty();
        // the last, since the input can be a result too
        return info == null ? "" : info.substring(Math.max(0, info.lastIndexOf("Sumi model: "))).lines()
                .map(line -> line.startsWith(MEMORY) ? line : line.startsWith(DEVICE) ? fallback(line.substring(DEVICE.length())) : "")
                .filter(line -> !line.isEmpty()).collect(Collectors.joining(". "));
    }

    /** That the processor took the place of another device, for the user; empty if it didn't. @param device as {@link Denoiser#device} */
    public static String fallback(String device) {
        Matcher failed = FALLBACK.matcher(device);
        return failed.lookingAt() ? "Sumi ran on the processor: " + failed.group(1) + " (DDPM Device..., or sumi device, says what to do)" : "";
    }

    private static String memory(String note) {
        return note.isEmpty() ? "" : "Sumi " + note + "\n";
    }

    private static String missing(int count, String what) {
        return count == 0 ? "" : "Sumi cancelled: " + count + " " + what + " were not reached and are not in this image\n";
    }

    private static String uncertainty(Model model, Mode mode) {
        String calibration = model.info().uncertainty().describe();
        return mode != Mode.UNCERTAINTY || calibration.isEmpty() ? "" : "Sumi uncertainty: " + calibration + "\n";
    }

    private static String residual(ImageRestorer.Result result) {
        if (result.residual() == null) {
            return "";
        }
        String warnings = String.join(" ", result.residual().warnings());
        return "Sumi residual: " + result.residual().describe() + (warnings.isEmpty() ? "" : ". " + warnings) + "\n";
    }

    private static String estimated(ImageRestorer.Result result, DenoiseOptions options) {
        if (options.noise() != null) {
            return "";
        }
        return result.noise().confident() ? " (estimated)" : " (estimated with little confidence: check it, or give the noise yourself)";
    }

    private static void append(ImagePlus image, String text) {
        String before = image.getInfoProperty();
        image.setProperty("Info", before == null || before.isBlank() ? text : before.stripTrailing() + "\n" + text);
    }
}
