// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import io.github.sumi.model.MemoryException;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.NoisePredictor;
import io.github.sumi.schedule.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A noise predictor of any size: cuts the sample into overlapping tiles of one shape, predicts them in batches and
 * blends the predictions. Tiles lie on the network's grid ({@link NoisePredictor#sizeMultiple}); beyond the image they
 * see its reflection. Where tiles overlap, the outer quarter of the overlap is dropped and the middle half is faded over,
 * so with a local network and an overlap of four receptive fields the result is that of the whole image. Where memory is
 * short it predicts again with fewer tiles at once, then with smaller ones.
 */
public final class TiledNoisePredictor extends WrappedPredictor {

    private static final String USUAL = "Its weights are damaged or the image is far from what it was trained for; run 'sumi models verify'.";

    private final TileLayout layout;
    private final Progress progress;
    private Tensor tiles;
    private Tensor predictions;
    private double reached;

    /**
     * @param unet a network for tiles
     * @param tile height and width in pixels, rounded up to the size multiple; a smaller image is one smaller tile
     * @param overlap pixels that neighbours share, less than {@code tile}
     * @param progress comes to 1 in each prediction
     */
    public TiledNoisePredictor(NoisePredictor unet, int tile, int overlap, Progress progress) {
        this(unet, new Tiles(tile, overlap, unet.sizeMultiple()), progress);
    }

    /** @param layout is told when memory is short */
    TiledNoisePredictor(NoisePredictor unet, TileLayout layout, Progress progress) {
        super(unet);
        this.layout = layout;
        this.progress = progress;
    }

    /** Any size will do. */
    @Override
    public int sizeMultiple() {
        return 1;
    }

    @Override
    public void predict(Tensor sample, double timestep, Tensor output) {
        predict(sample, timestep, NO_CLASSES, output);
    }

    @Override
    public void predict(Tensor sample, double timestep, int[] classes, Tensor output) {
        reached = 0;
        boolean done = false;
        while (!done) {
            TileAxis rows = layout.rows(sample.h());
            TileAxis columns = layout.columns(sample.w());
            int total = sample.n() * rows.count() * columns.count();
            int batch = Math.min(total, layout.batch(rows.length() * columns.length()));
            try {
                predict(sample, timestep, classes, output, rows, columns, batch);
                done = true;
            } catch (MemoryException | OutOfMemoryError e) {
                tiles = null;
                predictions = null;
                layout.shrink(batch, Math.max(rows.length(), columns.length()), e);
            }
        }
    }

    private void predict(Tensor sample, double timestep, int[] classes, Tensor output, TileAxis rows, TileAxis columns, int batch) {
        int perSample = rows.count() * columns.count();
        int total = sample.n() * perSample;
        if (perSample == 1 && rows.length() == sample.h() && columns.length() == sample.w()) {
            for (int first = 0; first < total; first += batch) {
                progress.check();
                int count = Math.min(batch, total - first);
                call(sample.samples(first, count), timestep, classes, output.samples(first, count), sample, rows, columns, first);
                update((first + count) / (double) total);
            }
            return;
        }
        zero(output.buffer());
        allocate(batch, rows.length(), columns.length());
        for (int first = 0; first < total; first += batch) {
            progress.check();
            int count = Math.min(batch, total - first);
            for (int i = 0; i < count; i++) {
                cut(sample, (first + i) / perSample, rows, (first + i) % perSample / columns.count(),
                        columns, (first + i) % columns.count(), i);
            }
            call(tiles.samples(0, count), timestep, classes, predictions.samples(0, count), sample, rows, columns, first);
            for (int i = 0; i < count; i++) {
                blend(output, (first + i) / perSample, rows, (first + i) % perSample / columns.count(),
                        columns, (first + i) % columns.count(), i);
            }
            update((first + count) / (double) total);
        }
    }

    /** Never falls, also when the same prediction begins again. */
    private void update(double fraction) {
        reached = Math.max(reached, fraction);
        progress.update(reached);
    }

    private void allocate(int n, int h, int w) {
        if (tiles == null || tiles.n() != n || tiles.h() != h || tiles.w() != w) {
            tiles = Tensor.allocate(n, unet.inChannels(), h, w);
            predictions = Tensor.allocate(n, unet.outChannels(), h, w);
        }
    }

    private void call(Tensor in, double timestep, int[] classes, Tensor out, Tensor sample, TileAxis rows, TileAxis columns, int first) {
        int[] ofTiles = new int[classes.length == 0 ? 0 : in.n()];
        Arrays.setAll(ofTiles, i -> classes[(first + i) / (rows.count() * columns.count())]);
        unet.predict(in, timestep, ofTiles, out);
        int fault = out.firstNotFinite();
        if (fault >= 0) {
            int index = first + fault / (out.c() * out.h() * out.w());
            int inSample = index % (rows.count() * columns.count());
            throw new ModelException("The network predicts " + out.buffer().get(fault) + " at timestep " + timestep
                    + " in the tile at x = " + columns.start(inSample % columns.count()) + ", y = "
                    + rows.start(inSample / columns.count()) + " of a sample of " + sample.w() + " x " + sample.h()
                    + " pixels. " + (advice().isEmpty() ? USUAL : advice()));
        }
    }

    private void cut(Tensor sample, int n, TileAxis rows, int row, TileAxis columns, int column, int slot) {
        FloatBuffer from = sample.buffer();
        FloatBuffer to = tiles.buffer();
        int x0 = columns.start(column);
        int inside = Math.min(columns.length(), sample.w() - x0);
        for (int c = 0; c < sample.c(); c++) {
            for (int y = 0; y < rows.length(); y++) {
                int source = sample.planeStart(n, c) + TileAxis.reflect(rows.start(row) + y, sample.h()) * sample.w();
                int target = tiles.planeStart(slot, c) + y * columns.length();
                to.put(target, from, source + x0, inside);
                for (int x = inside; x < columns.length(); x++) {
                    to.put(target + x, from.get(source + TileAxis.reflect(x0 + x, sample.w())));
                }
            }
        }
    }

    private void blend(Tensor output, int n, TileAxis rows, int row, TileAxis columns, int column, int slot) {
        FloatBuffer from = predictions.buffer();
        FloatBuffer to = output.buffer();
        int x0 = columns.start(column);
        int height = Math.min(rows.length(), output.h() - rows.start(row));
        int width = Math.min(columns.length(), output.w() - x0);
        for (int c = 0; c < output.c(); c++) {
            for (int y = 0; y < height; y++) {
                double weight = rows.weight(row, y);
                if (weight == 0) {
                    continue;
                }
                int source = predictions.planeStart(slot, c) + y * columns.length();
                int target = output.planeStart(n, c) + (rows.start(row) + y) * output.w() + x0;
                for (int x = 0; x < width; x++) {
                    float part = (float) (weight * columns.weight(column, x) * from.get(source + x));
                    to.put(target + x, to.get(target + x) + part);
                }
            }
        }
    }

    private static void zero(FloatBuffer buffer) {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, 0f);
        }
    }
}
