// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.ClassChoice;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Inverter;
import io.github.sumi.pipeline.NoiseModel;
import io.github.sumi.pipeline.RestoreOptions;
import io.github.sumi.pipeline.Sampling;
import io.github.sumi.pipeline.TranslateOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleFunction;

/** Macro lines that repeat a run on the same image. */
final class MacroLine {

    private MacroLine() {
    }

    static String denoise(Model model, DenoiseOptions options, ImageOptions image) {
        return "run(\"DDPM Denoise...\", \"model=" + model(model)
                + (options.noise() == null ? " noise=auto" : " " + noise(options.noise(), String::valueOf))
                + " mode=" + options.mode().key() + (options.flips() ? " flips=true" : "") + chains(model, options, image) + "\");";
    }

    static String translate(Model model, TranslateOptions options, ImageOptions image) {
        return "run(\"DDPM Translate...\", \"model=" + model(model) + " mode=" + options.mode().key() + chains(model, options, image) + "\");";
    }

    /** What denoising and translating have in common. */
    private static String chains(Model model, RestoreOptions options, ImageOptions image) {
        return " samples=" + options.samples() + " steps=" + options.steps() + sampling(options.sampling()) + " scope=" + (image.stack() ? "stack" : "plane") + " channels=" + image.channelsText()
                + " range=" + (image.rangePerPlane() ? "plane" : "stack") + " type=" + (image.toFloat() ? "float" : "input")
                + " seed=" + options.seed() + tiles(model, options.tile(), options.overlap()) + device(options.device());
    }

    /** The options that give a noise, each number written by {@code number}. */
    static String noise(NoiseModel noise, DoubleFunction<String> number) {
        return noise.isGaussian() ? "noise=gaussian sigma=" + number.apply(noise.readNoise())
                : "noise=camera gain=" + number.apply(noise.gain()) + " offset=" + number.apply(noise.offset())
                        + " readnoise=" + number.apply(noise.readNoise());
    }

    static String generate(Model model, GenerateOptions options, ImageGenerator.Form form) {
        return "run(\"DDPM Generate...\", \"model=" + model(model) + " count=" + options.count() + " width=" + options.width()
                + " height=" + options.height() + " steps=" + options.steps() + sampling(options.sampling())
                + " film=" + options.film() + choice(model, options.choice()) + (form.montage() ? " montage=true" : "") + " seed=" + options.seed()
                + tiles(model, options.tile(), options.overlap()) + device(options.device()) + "\");";
    }

    /** Left out for a model without labels. */
    private static String choice(Model model, ClassChoice choice) {
        return model.info().labels().isEmpty() ? ""
                : " label=" + (choice.label().contains(" ") ? "[" + choice.label() + "]" : choice.label()) + " guidance=" + choice.guidance();
    }

    static String film(Model model, String timesteps, long seed) {
        return "run(\"DDPM Forward Diffusion...\", \"model=" + model(model) + " timesteps=" + timesteps + " seed=" + seed + "\");";
    }

    static String schedule(Model model, Sampling sampling, int steps) {
        return "run(\"DDPM Schedule Plot...\", \"model=" + model(model) + sampling(sampling) + " steps=" + steps + "\");";
    }

    static String loss(Model model, int samples, long seed) {
        return "run(\"DDPM Training Loss...\", \"model=" + model(model) + " samples=" + samples + " seed=" + seed + "\");";
    }

    /** @param other title of the second image, or null */
    static String invert(Model model, Inverter inverter, String other, int frames) {
        return "run(\"DDPM Invert...\", \"model=" + model(model) + " steps=" + inverter.steps()
                + (other == null ? "" : " other=[" + other + "] frames=" + frames)
                + " tile=" + inverter.tile() + " overlap=" + inverter.overlap() + device(inverter.asked()) + "\");";
    }

    private static String sampling(Sampling sampling) {
        return " sampler=" + sampling.key() + " eta=" + sampling.eta();
    }

    /** The tile size that a run used. */
    static int tile(Model model, Integer tile) {
        return tile == null ? model.info().tile() : tile;
    }

    /** Left out for auto, so that the line runs on every machine. */
    private static String device(Device device) {
        return device.equals(Device.AUTO) ? "" : " device=" + device;
    }

    private static String tiles(Model model, Integer tile, Integer overlap) {
        return " tile=" + tile(model, tile) + (overlap == null ? "" : " overlap=" + overlap);
    }

    /** The name with its version, or the place of a model that has none; in brackets where a space would end it. */
    private static String model(Model model) {
        Path place = Path.of(model.location());
        String text = Files.exists(place) ? place.toAbsolutePath().toString().replace('\\', '/')
                : model.id() + "@" + model.info().version();
        return text.contains(" ") ? "[" + text + "]" : text;
    }
}
