// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import ij.plugin.filter.ParticleAnalyzer;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/** Whether tiles show, and what sample mode makes of a field where nothing is. */
public final class HonestBench {

    private static final double SIGMA = 20;
    private static final int BLANK = 128;
    private static final int FIELDS = 8;
    private static final double LEVEL = 100;

    private HonestBench() {
    }

    /** Prints seam energies and inventions. @param arguments name of the model */
    public static void main(String[] arguments) {
        Model model = ModelLibrary.standard(null).find(arguments[0]);
        seams(model);
        inventions(model);
    }

    /** Energy of second differences where tiles begin or end to be blended over that elsewhere, divided by the same ratio without tiles. */
    private static void seams(Model model) {
        File[] crops = new File("models/nuclei/testset").listFiles((folder, name) -> name.endsWith(".png"));
        Arrays.sort(crops);
        for (int tile : new int[] {128, 160}) {
            double[] ratios = new double[crops.length];
            for (int k = 0; k < crops.length; k++) {
                ImageProcessor crop = IJ.openImage(crops[k].getPath()).getProcessor().convertToFloatProcessor();
                float[] noisy = noisy((float[]) crop.getPixels(), k);
                boolean[] kinks = kinks(Tiles.of(model.info(), tile, null).columns(crop.getWidth()), crop.getWidth());
                ratios[k] = seamRatio(denoise(model, noisy, crop.getWidth(), tile, Mode.MEAN, 0), crop.getWidth(), kinks)
                        / seamRatio(denoise(model, noisy, crop.getWidth(), null, Mode.MEAN, 0), crop.getWidth(), kinks);
            }
            System.out.printf(Locale.ROOT, "seams of tiles of %d: energy over interior, median %.4f, range %.4f to %.4f%n", tile, new Median().evaluate(ratios),
                    Arrays.stream(ratios).min().orElseThrow(), Arrays.stream(ratios).max().orElseThrow());
        }
    }

    /** Columns where the weight of a tile bends. */
    private static boolean[] kinks(TileAxis axis, int width) {
        boolean[] kinks = new boolean[width];
        for (int tile = 0; tile < axis.count(); tile++) {
            for (int at = 1; at < axis.length() - 1 && axis.start(tile) + at < width - 1; at++) {
                kinks[axis.start(tile) + at] |= Math.abs(axis.weight(tile, at - 1) - 2 * axis.weight(tile, at) + axis.weight(tile, at + 1)) > 1e-9;
            }
        }
        return kinks;
    }

    private static double seamRatio(float[] pixels, int width, boolean[] kinks) {
        double[] energy = new double[2];
        long[] count = new long[2];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % width;
            if (x > 0 && x < width - 1) {
                int which = kinks[x] ? 1 : 0;
                energy[which] += Math.pow(pixels[i - 1] - 2 * pixels[i] + pixels[i + 1], 2);
                count[which]++;
            }
        }
        return energy[1] / count[1] / (energy[0] / count[0]);
    }

    /** SD of what is left or made, and objects: at least 4 pixels that touch, a quarter of the noise above the field. */
    private static void inventions(Model model) {
        for (Mode mode : new Mode[] {Mode.MEAN, Mode.SAMPLE}) {
            double[] sds = new double[FIELDS];
            double[] objects = new double[FIELDS];
            double largest = 0;
            for (int k = 0; k < FIELDS; k++) {
                float[] blank = new float[BLANK * BLANK];
                Arrays.fill(blank, (float) LEVEL);
                float[] result = denoise(model, noisy(blank, k), BLANK, null, mode, k);
                sds[k] = new StandardDeviation().evaluate(doubles(result)) / SIGMA;
                objects[k] = objects(result);
                for (float value : result) {
                    largest = Math.max(largest, (value - LEVEL) / SIGMA);
                }
            }
            System.out.printf(Locale.ROOT, "blank field, %s: SD over that of the noise, median %.3f; objects in %d fields of %d x %d: %.0f; largest height %.2f SDs of the noise%n",
                    mode.key(), new Median().evaluate(sds), FIELDS, BLANK, BLANK, Arrays.stream(objects).sum(), largest);
        }
    }

    private static int objects(float[] result) {
        ImageProcessor mask = new FloatProcessor(BLANK, BLANK, result.clone());
        mask.setThreshold(LEVEL + SIGMA / 4, Float.MAX_VALUE, ImageProcessor.NO_LUT_UPDATE);
        ResultsTable table = new ResultsTable();
        new ParticleAnalyzer(ParticleAnalyzer.SHOW_NONE, 0, table, 4, Double.POSITIVE_INFINITY).analyze(new ImagePlus("blank", mask), mask);
        return table.size();
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static float[] noisy(float[] clean, int seed) {
        Well19937c random = new Well19937c(seed);
        float[] noisy = new float[clean.length];
        for (int i = 0; i < clean.length; i++) {
            noisy[i] = (float) (clean[i] + SIGMA * random.nextGaussian());
        }
        return noisy;
    }

    private static float[] denoise(Model model, float[] noisy, int width, Integer tile, Mode mode, int firstSample) {
        Img<FloatType> plane = Planes.image(noisy.clone(), width, noisy.length / width);
        try (Denoiser denoiser = new Denoiser(model, DenoiseOptions.defaults().withSigma(SIGMA).withMode(mode).withTile(tile))) {
            return Planes.pixels(denoiser.denoise(plane, denoiser.measure(plane), firstSample, Progress.NONE).image());
        }
    }
}
