// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import ij.ImagePlus;
import ij.ImageStack;
import ij.VirtualStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpooledStackTest {

    private static final int WIDTH = 700;
    private static final int HEIGHT = 900;

    @TempDir
    Path folder;

    /** A stack that computes its planes whenever they are asked for. */
    private static ImagePlus virtual(ImageStack planes) {
        VirtualStack stack = new VirtualStack(planes.getWidth(), planes.getHeight(), planes.size()) {
            @Override
            public ImageProcessor getProcessor(int n) {
                return planes.getProcessor(n).duplicate();
            }

            @Override
            public String getSliceLabel(int n) {
                return planes.getSliceLabel(n);
            }
        };
        stack.setBitDepth(planes.getBitDepth());
        return new ImagePlus("computed", stack);
    }

    private static ImageStack filled(ImageProcessor... planes) {
        ImageStack stack = new ImageStack(planes[0].getWidth(), planes[0].getHeight());
        for (int p = 0; p < planes.length; p++) {
            for (int i = 0; i < planes[p].getPixelCount(); i++) {
                planes[p].setf(i, 40 * p + i * (long) i % 97);
            }
            stack.addSlice("plane " + p, planes[p]);
        }
        return stack;
    }

    private FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.toString().endsWith(".planes")).count();
        }
    }

    @Test
    void planesOfEachTypeComeBack() throws IOException {
        ImageProcessor[] kinds = {new ByteProcessor(WIDTH, HEIGHT), new ShortProcessor(WIDTH, HEIGHT), new FloatProcessor(WIDTH, HEIGHT),
                new ColorProcessor(WIDTH, HEIGHT)};
        for (ImageProcessor kind : kinds) {
            ImageStack planes = filled(kind, kind.duplicate());
            try (SpooledStack spooled = new SpooledStack(WIDTH, HEIGHT, channel(folder.resolve("planes" + kind.getBitDepth())))) {
                spooled.addSlice("one", planes.getProcessor(1));
                spooled.addSlice(null, planes.getProcessor(2));
                assertEquals(2, spooled.getSize());
                assertEquals("one", spooled.getSliceLabel(1));
                for (int n = 2; n >= 1; n--) {
                    ImageProcessor back = spooled.getProcessor(n);
                    assertEquals(kind.getBitDepth(), back.getBitDepth());
                    for (int i = 0; i < back.getPixelCount(); i += 1001) {
                        assertEquals(planes.getProcessor(n).get(i), back.get(i));
                    }
                    assertEquals(planes.getProcessor(n).get(WIDTH * HEIGHT - 1), back.get(WIDTH * HEIGHT - 1));
                }
            }
        }
    }

    @Test
    void anInterruptedReaderKeepsTheFileOpen() throws IOException {
        try (SpooledStack spooled = new SpooledStack(20, 20, channel(folder.resolve("planes")))) {
            spooled.addSlice("a", filled(new ByteProcessor(20, 20)).getProcessor(1));
            Thread.currentThread().interrupt();
            assertEquals(16, spooled.getProcessor(1).get(4));
            assertTrue(Thread.interrupted());
            assertEquals(16, spooled.getProcessor(1).get(4));
        }
    }

    @Test
    void aFullDiskIsASentence() throws IOException {
        try (FileSystem small = Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(64 * 1024).build());
                SpooledStack spooled = new SpooledStack(200, 200, channel(small.getPath("planes")))) {
            ImageProcessor plane = new ByteProcessor(200, 200);
            spooled.addSlice("a", plane);
            String message = assertThrows(UncheckedIOException.class, () -> spooled.addSlice("b", plane)).getMessage();
            assertTrue(message.contains("temporary folder") && message.contains("Make room"), message);
            assertEquals(1, spooled.getSize());
        }
    }

    /** The same pixels, labels and standard deviations, whether the stack is virtual or in memory; also of RGB. */
    @Test
    void virtualStacksGiveWhatStacksInMemoryGive() throws IOException {
        Model model = Model.load(TinyModel.folder(folder, "timestep-float-n"));
        DenoiseOptions options = DenoiseOptions.defaults().withSigma(10.0).withMode(Mode.UNCERTAINTY).withSamples(2).withSteps(2);
        ImageStack[] stacks = {filled(new ShortProcessor(30, 20), new ShortProcessor(30, 20)), filled(new ColorProcessor(30, 20), new ColorProcessor(30, 20))};
        for (ImageStack stack : stacks) {
            try (Denoiser denoiser = new Denoiser(model, options)) {
                ImageRestorer images = new ImageRestorer(denoiser, ImageOptions.defaults());
                try (ImageRestorer.Result memory = images.restore(new ImagePlus("computed", stack), Progress.NONE);
                        ImageRestorer.Result spooled = images.restore(virtual(stack), Progress.NONE)) {
                    assertInstanceOf(SpooledStack.class, spooled.image().getStack());
                    assertInstanceOf(SpooledStack.class, spooled.sd().getStack());
                    assertEquals(stack.getBitDepth(), spooled.image().getBitDepth());
                    for (int n = 1; n <= 2; n++) {
                        assertEquals(memory.image().getStack().getSliceLabel(n), spooled.image().getStack().getSliceLabel(n));
                        assertArrayEquals(memory.image().getStack().getProcessor(n).getIntArray(), spooled.image().getStack().getProcessor(n).getIntArray());
                    }
                    Path file = folder.resolve(stack.getBitDepth() + ".tif");
                    TiffFiles.save(spooled.image(), file, false);
                    ImagePlus saved = TiffFiles.open(file);
                    // a TIFF has no alpha, which ImageJ doesn't look at
                    assertEquals(memory.image().getStack().getProcessor(2).get(7) & 0xFFFFFF, saved.getStack().getProcessor(2).get(7) & 0xFFFFFF);
                    assertEquals("plane 1", saved.getStack().getSliceLabel(2));
                }
            }
        }
    }

    @Test
    void aCancelledRunLeavesNothing() throws IOException {
        Model model = Model.load(TinyModel.folder(folder, "timestep-float-n"));
        ImagePlus input = virtual(filled(new ShortProcessor(30, 20), new ShortProcessor(30, 20), new ShortProcessor(30, 20)));
        long before = files();
        AtomicInteger updates = new AtomicInteger();
        Progress twoPlanes = new Progress() {
            @Override
            public void update(double fraction) {
                updates.incrementAndGet();
            }

            @Override
            public boolean cancelled() {
                return updates.get() >= 2;
            }
        };
        try (Denoiser denoiser = new Denoiser(model, DenoiseOptions.defaults())) {
            ImageRestorer images = new ImageRestorer(denoiser, ImageOptions.defaults());
            assertThrows(CancellationException.class, () -> images.restore(input, twoPlanes));
        }
        assertEquals(before, files());
    }
}
