// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import ij.IJ;
import ij.ImagePlus;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import java.io.File;
import java.util.Arrays;
import java.util.Locale;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;

/** What knowing the noise is worth: one sigma for the image, the fitted camera, and the true one, over the crops of models/nuclei/testset. */
public final class CameraBench {

    private static final double GAIN = 8;
    private static final NoiseModel CAMERA = new NoiseModel(GAIN, 100, 8);
    private static final double MAD_OF_NORMAL = 0.6744897501960817;

    private CameraBench() {
    }

    /** Prints mean PSNR in dB, its range the brightest signal, for 20, 100 and 1000 photons there. */
    public static void main(String[] arguments) {
        File[] crops = new File("models/nuclei/testset").listFiles((folder, name) -> name.endsWith(".png"));
        Arrays.sort(crops);
        Model model = ModelLibrary.standard(null).find("nuclei");
        System.out.println("| photons of the brightest | noisy | one sigma | camera, fitted | camera, true |");
        System.out.println("|---|---|---|---|---|");
        for (int photons : new int[] {20, 100, 1000}) {
            double[] sums = new double[4];
            for (File crop : crops) {
                add(sums, crop, photons, model);
            }
            System.out.printf(Locale.ROOT, "| %d | %.2f | %.2f | %.2f | %.2f |%n", photons, sums[0] / crops.length, sums[1] / crops.length,
                    sums[2] / crops.length, sums[3] / crops.length);
        }
    }

    private static void add(double[] sums, File crop, int photons, Model model) {
        ImagePlus image = IJ.openImage(crop.getPath());
        int width = image.getWidth();
        int height = image.getHeight();
        // the crop's own noise is smoothed away
        float[] clean = Planes.smooth((float[]) image.getProcessor().convertToFloatProcessor().getPixels(), width, height);
        float[] noisy = new float[clean.length];
        Well19937c random = new Well19937c(photons);
        for (int i = 0; i < clean.length; i++) {
            double mean = clean[i] / 255 * photons;
            double count = mean < 1e-9 ? 0 : new PoissonDistribution(random, mean, 1e-12, 100_000).sample();
            clean[i] = (float) (GAIN * mean + CAMERA.offset());
            noisy[i] = (float) Math.rint(Math.max(0, GAIN * count + CAMERA.offset() + CAMERA.readNoise() * random.nextGaussian()));
        }
        double range = GAIN * photons;
        sums[0] += psnr(clean, noisy, range);
        sums[1] += psnr(clean, denoise(noisy, width, height, model, NoiseModel.gaussian(oneSigma(noisy, width, height))), range);
        sums[2] += psnr(clean, denoise(noisy, width, height, model, null), range);
        sums[3] += psnr(clean, denoise(noisy, width, height, model, CAMERA), range);
    }

    private static double oneSigma(float[] pixels, int width, int height) {
        double[] residuals = new double[(width - 2) * (height - 2)];
        for (int k = 0; k < residuals.length; k++) {
            residuals[k] = Math.abs(NoiseEstimate.residual(pixels, (k / (width - 2) + 1) * width + k % (width - 2) + 1, width)) / 6;
        }
        Arrays.sort(residuals);
        return residuals[residuals.length / 2] / MAD_OF_NORMAL;
    }

    private static float[] denoise(float[] noisy, int width, int height, Model model, NoiseModel noise) {
        Img<FloatType> plane = Planes.image(noisy, width, height);
        try (Denoiser denoiser = new Denoiser(model, DenoiseOptions.defaults().withNoise(noise))) {
            return Planes.pixels(denoiser.denoise(plane, denoiser.measure(plane), 0, Progress.NONE).image());
        }
    }

    private static double psnr(float[] clean, float[] found, double range) {
        double sum = 0;
        for (int i = 0; i < clean.length; i++) {
            sum += ((double) found[i] - clean[i]) * (found[i] - clean[i]);
        }
        return 10 * Math.log10(range * range * clean.length / sum);
    }
}
