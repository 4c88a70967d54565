// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import ij.IJ;
import ij.ImagePlus;
import io.github.sumi.model.ModelLibrary;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.random.Well19937c;

/** Whether clean pixels lie in the 90 % interval that uncertainty mode gives by its mean and SD. */
public final class CoverageBench {

    private static final int CROPS = 4;
    private static final int SIZE = 64;
    private static final int SAMPLES = 16;
    private static final int STEPS = 20;
    private static final int PARTS = 10;
    /** Half the interval in SDs: the next draw's distance from the mean of so many normal ones. */
    private static final double FACTOR = new TDistribution(SAMPLES - 1).inverseCumulativeProbability(0.95) * Math.sqrt(1 + 1.0 / SAMPLES);

    /** One pixel. */
    private record Pixel(double clean, double mean, double sd) {

        boolean covered() {
            return Math.abs(clean - mean) <= FACTOR * sd;
        }
    }

    private CoverageBench() {
    }

    /** Prints the share of covered pixels, overall and for each tenth by predicted brightness and SD, with errors in grey values. */
    public static void main(String[] arguments) {
        List<String> lines = new ArrayList<>();
        for (double sigma : new double[] {10, 20}) {
            List<Pixel> pixels = pixels(sigma);
            lines.add(line(sigma, "all", pixels) + " | |");
            List<List<Pixel>> byMean = tenths(pixels, Pixel::mean);
            List<List<Pixel>> bySd = tenths(pixels, Pixel::sd);
            for (int part = 0; part < PARTS; part++) {
                lines.add(line(sigma, String.valueOf(part + 1), byMean.get(part))
                        + String.format(Locale.ROOT, " | %.1f (%.2f) |", share(bySd.get(part)), sd(bySd.get(part))));
            }
        }
        System.out.println("| sigma | tenth | covered, by brightness, % | mean error | RMS error | RMS SD | covered, by SD, % (RMS SD) |");
        System.out.println("|---|---|---|---|---|---|---|");
        lines.forEach(System.out::println);
    }

    private static String line(double sigma, String part, List<Pixel> pixels) {
        double bias = pixels.stream().mapToDouble(pixel -> pixel.mean - pixel.clean).average().orElseThrow();
        double rmse = Math.sqrt(pixels.stream().mapToDouble(pixel -> Math.pow(pixel.mean - pixel.clean, 2)).average().orElseThrow());
        return String.format(Locale.ROOT, "| %.0f | %s | %.1f | %.2f | %.2f | %.2f", sigma, part, share(pixels), bias, rmse, sd(pixels));
    }

    private static double sd(List<Pixel> pixels) {
        return Math.sqrt(pixels.stream().mapToDouble(pixel -> pixel.sd * pixel.sd).average().orElseThrow());
    }

    private static List<Pixel> pixels(double sigma) {
        File[] crops = new File("models/nuclei/testset").listFiles((folder, name) -> name.endsWith(".png"));
        Arrays.sort(crops);
        DenoiseOptions options = DenoiseOptions.defaults().withSigma(sigma).withMode(Mode.UNCERTAINTY).withSamples(SAMPLES).withSteps(STEPS);
        List<Pixel> pixels = new ArrayList<>();
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find("nuclei"), options)) {
            for (int k = 0; k < CROPS; k++) {
                ImagePlus image = IJ.openImage(crops[k * crops.length / CROPS].getPath());
                image.setRoi((image.getWidth() - SIZE) / 2, (image.getHeight() - SIZE) / 2, SIZE, SIZE);
                float[] clean = (float[]) image.getProcessor().crop().convertToFloatProcessor().getPixels();
                Well19937c random = new Well19937c(k);
                float[] noisy = new float[clean.length];
                for (int i = 0; i < clean.length; i++) {
                    noisy[i] = (float) (clean[i] + sigma * random.nextGaussian());
                }
                Img<FloatType> plane = Planes.image(noisy, SIZE, SIZE);
                Denoised result = denoiser.denoise(plane, denoiser.measure(plane), k * SAMPLES, Progress.NONE);
                float[] means = Planes.pixels(result.image());
                float[] sds = Planes.pixels(result.sd());
                for (int i = 0; i < clean.length; i++) {
                    pixels.add(new Pixel(clean[i], means[i], sds[i]));
                }
            }
        }
        return pixels;
    }

    private static List<List<Pixel>> tenths(List<Pixel> pixels, ToDoubleFunction<Pixel> key) {
        List<Pixel> sorted = pixels.stream().sorted(Comparator.comparingDouble(key)).toList();
        List<List<Pixel>> tenths = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            tenths.add(sorted.subList(part * sorted.size() / PARTS, (part + 1) * sorted.size() / PARTS));
        }
        return tenths;
    }

    private static double share(List<Pixel> pixels) {
        return 100.0 * pixels.stream().filter(Pixel::covered).count() / pixels.size();
    }
}
