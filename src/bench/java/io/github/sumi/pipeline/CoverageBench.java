// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import ij.IJ;
import ij.ImagePlus;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.random.Well19937c;

/** Whether clean pixels lie in the 90 % interval that uncertainty mode gives by its mean and SD, and by which factor the SD should be larger. */
public final class CoverageBench {

    private static final int SIZE = 64;
    private static final int SAMPLES = 16;
    private static final int STEPS = 20;
    private static final int PARTS = 10;
    private static final double LEVEL = 0.9;
    private static final int[] SIGMAS = {10, 20};
    /** Half the interval in SDs: the next draw's distance from the mean of so many normal ones. */
    private static final double FACTOR = new TDistribution(SAMPLES - 1).inverseCumulativeProbability((1 + LEVEL) / 2) * Math.sqrt(1 + 1.0 / SAMPLES);
    private static final double NORMAL = new NormalDistribution().inverseCumulativeProbability((1 + LEVEL) / 2);

    /** One pixel. @param sd without the model's factor @param own SD of the noise that the clean image itself has */
    private record Pixel(double clean, double mean, double sd, double own) {

        double error() {
            return Math.abs(clean - mean);
        }

        double half(double factor) {
            return FACTOR * factor * sd;
        }

        boolean covered(double factor) {
            return error() <= half(factor);
        }

        /** As wide as the clean image's own noise, which neither mean nor SD can know, makes it. */
        double halfWithOwn(double factor) {
            return Math.hypot(half(factor), NORMAL * own);
        }

        boolean coveredWithOwn(double factor) {
            return error() <= halfWithOwn(factor);
        }
    }

    private CoverageBench() {
    }

    /**
     * Prints the share of covered pixels, overall and for each tenth by predicted brightness and SD; the width against the best constant
     * one, both with the clean image's own noise allowed for; and the factor that would cover 90 %.
     *
     * @param arguments name of the model; folder of clean images; folder in which what the chains gave is kept, so that an interrupted run
     *     goes on; {@code grain} where the clean images are photographs, which have noise of their own
     */
    public static void main(String[] arguments) throws IOException {
        Model model = ModelLibrary.standard(null).find(arguments[0]);
        boolean grain = arguments.length > 3 && arguments[3].equals("grain");
        double factor = model.info().uncertainty().factor();
        Path cache = Files.createDirectories(Path.of(arguments[2]));
        List<Pixel> all = new ArrayList<>();
        System.out.printf(Locale.ROOT, "Model %s, SD times %.2f%n| sigma | covered, %% | own noise allowed for | mean width | constant width that covers as many | tenths by brightness |"
                + " tenths by SD |%n|---|---|---|---|---|---|---|%n", model.id(), factor);
        for (int sigma : SIGMAS) {
            List<Pixel> pixels = pixels(model, Path.of(arguments[1]), sigma, cache, grain);
            all.addAll(pixels);
            double share = share(pixels, pixel -> pixel.coveredWithOwn(factor));
            System.out.printf(Locale.ROOT, "| %d | %.1f | %.1f | %.2f | %.2f | %s | %s |%n", sigma, share(pixels, pixel -> pixel.covered(factor)), share,
                    2 * pixels.stream().mapToDouble(pixel -> pixel.halfWithOwn(factor)).average().orElseThrow(), constantWidth(pixels, share / 100),
                    tenths(pixels, Pixel::mean, factor), tenths(pixels, Pixel::sd, factor));
        }
        double[] ratios = all.stream().mapToDouble(pixel -> pixel.error() / pixel.half(1)).sorted().toArray();
        System.out.printf(Locale.ROOT, "SD times %.3f would cover %.0f %% of all%n", ratios[(int) (LEVEL * ratios.length)], 100 * LEVEL);
    }

    private static double share(List<Pixel> pixels, Predicate<Pixel> covered) {
        return 100.0 * pixels.stream().filter(covered).count() / pixels.size();
    }

    private static double constantWidth(List<Pixel> pixels, double share) {
        double[] errors = pixels.stream().mapToDouble(Pixel::error).sorted().toArray();
        return 2 * errors[(int) Math.min(errors.length - 1, share * errors.length)];
    }

    private static String tenths(List<Pixel> pixels, ToDoubleFunction<Pixel> key, double factor) {
        List<Pixel> sorted = pixels.stream().sorted(Comparator.comparingDouble(key)).toList();
        List<String> shares = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            List<Pixel> tenth = sorted.subList(part * sorted.size() / PARTS, (part + 1) * sorted.size() / PARTS);
            shares.add(String.format(Locale.ROOT, "%.0f", share(tenth, pixel -> pixel.coveredWithOwn(factor))));
        }
        return String.join(" ", shares);
    }

    private static List<Pixel> pixels(Model model, Path folder, int sigma, Path cache, boolean grain) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> file.toString().matches(".*\\.(png|tif)")).sorted().toList();
        }
        DenoiseOptions options = DenoiseOptions.defaults().withSigma(sigma).withMode(Mode.UNCERTAINTY).withSamples(SAMPLES).withSteps(STEPS);
        List<Pixel> pixels = new ArrayList<>();
        try (Denoiser denoiser = new Denoiser(model, options)) {
            for (int k = 0; k < files.size(); k++) {
                ImagePlus image = IJ.openImage(files.get(k).toString());
                float[] whole = (float[]) image.getProcessor().convertToFloatProcessor().getPixels();
                DoubleUnaryOperator own = own(whole, image.getWidth(), image.getHeight(), grain);
                Path kept = cache.resolve(files.get(k).getFileName() + "-" + sigma + ".csv");
                if (!Files.exists(kept)) {
                    image.setRoi((image.getWidth() - SIZE) / 2, (image.getHeight() - SIZE) / 2, SIZE, SIZE);
                    Files.writeString(kept, run(denoiser, (float[]) image.getProcessor().crop().convertToFloatProcessor().getPixels(), sigma, k,
                            model.info().uncertainty().factor()));
                }
                for (String line : Files.readAllLines(kept)) {
                    String[] values = line.split(",");
                    double clean = Double.parseDouble(values[0]);
                    double mean = Double.parseDouble(values[1]);
                    pixels.add(new Pixel(clean, mean, Double.parseDouble(values[2]), own.applyAsDouble(mean)));
                }
            }
        }
        return pixels;
    }

    /** SD of the noise of a photograph at a grey value. */
    private static DoubleUnaryOperator own(float[] clean, int width, int height, boolean grain) {
        if (!grain) {
            return value -> 0;
        }
        NoiseModel noise = NoiseFit.of(List.of(FlatPlaces.curve(clean, width, height))).model();
        return noise::sigma;
    }

    /** Lines of clean value, mean, SD without the factor. */
    private static String run(Denoiser denoiser, float[] clean, double sigma, int k, double factor) {
        Well19937c random = new Well19937c(k);
        float[] noisy = new float[clean.length];
        for (int i = 0; i < clean.length; i++) {
            noisy[i] = (float) (clean[i] + sigma * random.nextGaussian());
        }
        Img<FloatType> plane = Planes.image(noisy, SIZE, SIZE);
        Restored result = denoiser.denoise(plane, denoiser.measure(plane), k * SAMPLES, Progress.NONE);
        float[] means = Planes.pixels(result.image());
        float[] sds = Planes.pixels(result.sd());
        return IntStream.range(0, clean.length).mapToObj(i -> clean[i] + "," + means[i] + "," + sds[i] / factor)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
