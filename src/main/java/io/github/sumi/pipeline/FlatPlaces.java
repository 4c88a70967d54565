// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.pipeline.VarianceCurve.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The flat places of a plane by their brightness, and the noise that is left there. */
final class FlatPlaces {

    private static final int LEAST_EXTENT = 8;
    /** Pixels of a plane that are all looked at; of a larger one about as many are. */
    private static final int LARGEST = 1 << 22;
    private static final int STRIPS = 8;
    private static final int BINS = 40;
    private static final int LEAST_IN_BIN = 60;
    private static final double MAD_OF_NORMAL = 0.6744897501960817;
    /** Residuals beyond this many SDs are edges; of a normal distribution the rest has this share of its variance. */
    private static final double CUT = 2.5;
    private static final double VARIANCE_WITHIN_CUT = 0.9112586;
    /** SD of {@link #bend} of unit noise. */
    private static final double BEND_OF_NOISE = 0.0951;
    /** Share of a normal distribution below one SD. */
    private static final double ONE_SIGMA = 0.8413447;
    /** Square of the correlation between a pixel and the twice smoothed plane there. */
    private static final double OWN_PART = 0.145;
    /** The flattest pixels of each brightness that count in any case. */
    private static final double LEAST_SHARE = 0.35;

    /** SDs of the noise that the ends of the range must be away. */
    private static final double CLEAR = 3;

    private final float[] pixels;
    private final int width;
    private final int height;
    private final float[] mean;
    /** Variance that rounding to whole grey values adds, the least that there can be. */
    private final double rounding;
    private final double low;
    private final double high;

    private FlatPlaces(float[] pixels, int width, int height) {
        this.pixels = pixels;
        this.width = width;
        this.height = height;
        this.mean = Planes.smooth(Planes.smooth(pixels, width, height), width, height);
        float[] sorted = pixels.clone();
        Arrays.sort(sorted);
        rounding = ValueRange.isWhole(pixels) ? 1 / 12.0 : 0;
        low = ValueRange.clipLevel(sorted, 0, 1);
        high = ValueRange.clipLevel(sorted, sorted.length - 1, -1);
    }

    /**
     * Measures a plane, a large one by strips of rows, evenly spread, in the memory that they take. Places near clipped or
     * saturated pixels don't count.
     *
     * @param pixels row by row
     */
    static VarianceCurve curve(float[] pixels, int width, int height) {
        return curve(Planes.of(Planes.image(pixels, width, height)));
    }

    /** The same of a plane that is read strip by strip. @throws IllegalArgumentException if a pixel isn't finite */
    static VarianceCurve curve(PlanePixels plane) {
        int width = plane.width();
        int height = plane.height();
        int rows = Math.max(LEAST_EXTENT, LARGEST / STRIPS / width);
        if ((long) width * height <= LARGEST || rows * STRIPS >= height) {
            return ofStrip(Planes.pixels(plane, new Region(0, 0, width, height)), width, height);
        }
        List<VarianceCurve> strips = new ArrayList<>();
        for (int i = 0; i < STRIPS; i++) {
            int from = (int) ((long) i * (height - rows) / (STRIPS - 1));
            strips.add(ofStrip(Planes.pixels(plane, new Region(0, from, width, rows)), width, rows));
        }
        return VarianceCurve.pool(strips);
    }

    private static VarianceCurve ofStrip(float[] pixels, int width, int height) {
        FlatPlaces places = new FlatPlaces(pixels, width, height);
        float[] ranked = places.mean.clone();
        Arrays.sort(ranked);
        double low = ranked[ranked.length / 20];
        double high = ranked[ranked.length - 1 - ranked.length / 20];
        double from = ranked[ranked.length / 1000];
        double step = (ranked[ranked.length - 1 - ranked.length / 1000] - from) / BINS;
        if (width < LEAST_EXTENT || height < LEAST_EXTENT || !(step > 0)) {
            return new VarianceCurve(overall(pixels, width, height), low, high);
        }
        int[][] members = places.members(from, step);
        // first with the flattest of each brightness, then with what is flat for the noise found so
        VarianceCurve first = new VarianceCurve(places.points(members, null), low, high);
        if (first.points().isEmpty()) {
            return new VarianceCurve(overall(pixels, width, height), low, high);
        }
        NoiseModel known = NoiseFit.of(first).model();
        List<Point> points = places.points(members, known);
        return new VarianceCurve(points, low, high, places.pattern(members, known));
    }

    /** Of the flat places whose noise isn't cut at an end of the range. */
    private NoisePattern pattern(int[][] members, NoiseModel known) {
        int[] flat = Arrays.stream(members).flatMapToInt(bin -> Arrays.stream(flat(bin, known)))
                .filter(i -> mean[i] - CLEAR * known.sigma(mean[i]) > low && mean[i] + CLEAR * known.sigma(mean[i]) < high)
                .filter(i -> !isClipped(i) && !isClipped(i + 1) && !isClipped(i + width)).sorted().toArray();
        return NoisePattern.of(pixels, width, flat, i -> Math.max(known.sigma(mean[i]), Math.sqrt(rounding)));
    }

    /** One point for a plane that has no flat places: Gaussian noise can still be told. */
    private static List<Point> overall(float[] pixels, int width, int height) {
        double sigma = NoiseEstimate.sigma(pixels, width, height);
        double sum = 0;
        for (float value : pixels) {
            sum += value;
        }
        return Double.isNaN(sigma) ? List.of() : List.of(new Point(sum / pixels.length, sigma * sigma, pixels.length));
    }

    private List<Point> points(int[][] members, NoiseModel known) {
        List<Point> points = new ArrayList<>();
        for (int[] bin : members) {
            int[] places = flat(bin, known);
            Point point = point(Arrays.stream(places).filter(i -> !isClipped(i)).toArray());
            if (point != null && isClear(point)) {
                points.add(point);
            } else if (places.length >= LEAST_IN_BIN) {
                halfOf(places).ifPresent(points::add);
            }
        }
        return points;
    }

    /** Where the noise is cut at an end of the range, from the half of the pixels' values that isn't. */
    private Optional<Point> halfOf(int[] places) {
        double[] values = Arrays.stream(places).mapToDouble(i -> pixels[i]).sorted().toArray();
        double median = values[values.length / 2];
        double above = values[(int) (values.length * ONE_SIGMA)] - median;
        double below = median - values[(int) (values.length * (1 - ONE_SIGMA))];
        double sd = median + above < high ? above : below;
        boolean cut = median <= low || median >= high || sd == above == (median + above >= high) || sd <= 0;
        // choosing places by a local mean that they are part of has narrowed them
        return cut ? Optional.empty() : Optional.of(new Point(median, sd * sd / (1 - OWN_PART), places.length));
    }

    /** Indices of the inner pixels of each brightness. */
    private int[][] members(double from, double step) {
        int[] bins = new int[pixels.length];
        int[] counts = new int[BINS];
        Arrays.fill(bins, -1);
        for (int y = 3; y < height - 3; y++) {
            for (int x = 3; x < width - 3; x++) {
                int i = y * width + x;
                int bin = (int) Math.floor((mean[i] - from) / step);
                if (bin >= 0 && bin < BINS) {
                    bins[i] = bin;
                    counts[bin]++;
                }
            }
        }
        int[][] members = new int[BINS][];
        for (int b = 0; b < BINS; b++) {
            members[b] = new int[counts[b]];
            counts[b] = 0;
        }
        for (int i = 0; i < bins.length; i++) {
            if (bins[i] >= 0) {
                members[bins[i]][counts[bins[i]]++] = i;
            }
        }
        return members;
    }

    private boolean isClipped(int i) {
        for (int y = -width; y <= width; y += width) {
            for (int x = -1; x <= 1; x++) {
                if (pixels[i + y + x] <= low || pixels[i + y + x] >= high) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The Laplacian of the smoothed plane: the residual is blind to slopes, but not to bends. */
    private double bend(int i) {
        return Math.abs(mean[i + 2] + mean[i - 2] + mean[i + 2 * width] + mean[i - 2 * width] - 4 * mean[i]) / 4;
    }

    private int[] flat(int[] bin, NoiseModel known) {
        double[] bends = Arrays.stream(bin).mapToDouble(this::bend).sorted().toArray();
        double least = bends.length == 0 ? 0 : bends[(int) (bends.length * LEAST_SHARE)];
        return Arrays.stream(bin)
                .filter(i -> bend(i) <= Math.max(least, known == null ? 0 : 2.5 * BEND_OF_NOISE * known.sigma(mean[i]))).toArray();
    }

    private Point point(int[] places) {
        if (places.length < LEAST_IN_BIN) {
            return null;
        }
        double[] residuals = new double[places.length];
        double sum = 0;
        for (int k = 0; k < places.length; k++) {
            residuals[k] = Math.abs(NoiseEstimate.residual(pixels, places[k], width)) / 6;
            sum += mean[places[k]];
        }
        Arrays.sort(residuals);
        double sd = residuals[residuals.length / 2] / MAD_OF_NORMAL;
        for (int round = 0; round < 4; round++) {
            double limit = sd == 0 ? Double.POSITIVE_INFINITY : CUT * sd;
            double squares = 0;
            int count = 0;
            while (count < residuals.length && residuals[count] <= limit) {
                squares += residuals[count] * residuals[count];
                count++;
            }
            sd = Math.sqrt(squares / count / (sd == 0 ? 1 : VARIANCE_WITHIN_CUT));
        }
        return new Point(sum / places.length, Math.max(rounding, sd * sd), places.length);
    }

    /** Whether the noise at this brightness doesn't reach the ends of the range, which would cut it. */
    private boolean isClear(Point point) {
        double reach = CLEAR * Math.sqrt(point.variance());
        return point.mean() - reach > low && point.mean() + reach < high;
    }
}
