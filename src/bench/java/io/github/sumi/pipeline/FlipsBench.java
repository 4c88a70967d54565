// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import ij.IJ;
import ij.process.FloatProcessor;
import io.github.sumi.model.ModelLibrary;
import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/** What the mean over flips and turns gains and takes. */
public final class FlipsBench {

    private static final double PEAK = 255;

    private record Run(double psnr, double seconds) {
    }

    private FlipsBench() {
    }

    /** Prints PSNR without and with flips over the test crops, and the ratio of the times. @param models their names */
    public static void main(String[] models) {
        File[] crops = new File("models/nuclei/testset").listFiles((folder, name) -> name.endsWith(".png"));
        Arrays.sort(crops);
        System.out.println("| model | sigma | mean PSNR, dB | with flips | gain, median (range) | time ratio, median |");
        System.out.println("|---|---|---|---|---|---|");
        for (String model : models) {
            for (double sigma : new double[] {5, 20, 40}) {
                double[][] figures = new double[4][crops.length];
                for (int k = 0; k < crops.length; k++) {
                    FloatProcessor clean = IJ.openImage(crops[k].getPath()).getProcessor().convertToFloatProcessor();
                    Run one = run(model, clean, sigma, k, false);
                    Run eight = run(model, clean, sigma, k, true);
                    figures[0][k] = one.psnr;
                    figures[1][k] = eight.psnr;
                    figures[2][k] = eight.psnr - one.psnr;
                    figures[3][k] = eight.seconds / one.seconds;
                }
                System.out.printf(Locale.ROOT, "| %s | %.0f | %.2f | %.2f | %.2f (%.2f to %.2f) | %.1f |%n", model, sigma,
                        Arrays.stream(figures[0]).average().orElseThrow(), Arrays.stream(figures[1]).average().orElseThrow(), new Median().evaluate(figures[2]),
                        Arrays.stream(figures[2]).min().orElseThrow(), Arrays.stream(figures[2]).max().orElseThrow(), new Median().evaluate(figures[3]));
            }
        }
    }

    private static Run run(String model, FloatProcessor clean, double sigma, int seed, boolean flips) {
        Well19937c random = new Well19937c(seed);
        float[] truth = (float[]) clean.getPixels();
        float[] noisy = new float[truth.length];
        for (int i = 0; i < truth.length; i++) {
            noisy[i] = (float) (truth[i] + sigma * random.nextGaussian());
        }
        Img<FloatType> plane = Planes.image(noisy, clean.getWidth(), clean.getHeight());
        try (Denoiser denoiser = new Denoiser(ModelLibrary.standard(null).find(model), DenoiseOptions.defaults().withSigma(sigma).withFlips(flips))) {
            Scaling scaling = denoiser.measure(plane);
            denoiser.secondsPerMegapixel();
            long begin = System.nanoTime();
            float[] result = Planes.pixels(denoiser.denoise(plane, scaling, 0, Progress.NONE).image());
            double seconds = (System.nanoTime() - begin) / 1e9;
            double squares = 0;
            for (int i = 0; i < truth.length; i++) {
                squares += Math.pow(result[i] - truth[i], 2);
            }
            return new Run(10 * Math.log10(PEAK * PEAK * truth.length / squares), seconds);
        }
    }
}
