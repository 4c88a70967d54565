// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.TinyModel;
import io.github.sumi.pipeline.DenoiseOptions;
import io.github.sumi.pipeline.Denoiser;
import io.github.sumi.pipeline.Mode;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.TranslateOptions;
import io.github.sumi.pipeline.Translator;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagePreviewTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");

    private static ImagePlus example() {
        return IJ.openImage("models/nuclei/example.tif");
    }

    private static ImagePreview.Result preview(ImagePlus input, DenoiseOptions options, Progress progress) {
        try (Denoiser denoiser = new Denoiser(MODEL, options)) {
            return new ImagePreview(denoiser).restore(input, progress);
        }
    }

    private static ImagePlus whole(ImagePlus input, DenoiseOptions options) {
        try (Denoiser denoiser = new Denoiser(MODEL, options)) {
            return new ImageRestorer(denoiser, ImageOptions.defaults()).restore(input, input.getRoi(), Progress.NONE).image();
        }
    }

    @Test
    void aSmallImageIsShownAsItWillBe() {
        ImagePlus input = example();
        input.setDisplayRange(3, 77);
        ImagePreview.Result shown = preview(input, DenoiseOptions.defaults(), Progress.NONE);
        assertArrayEquals((byte[]) whole(input, DenoiseOptions.defaults()).getProcessor().getPixels(), (byte[]) shown.pixels().getPixels());
        assertEquals(3, shown.pixels().getMin());
        assertEquals(77, shown.pixels().getMax());
        assertTrue(shown.how().contains("camera"), shown.how());
    }

    @Test
    void aTranslationIsShownAsItWillBe(@TempDir Path folder) {
        Model model = Model.load(TinyModel.conditioned(folder, ""));
        ImagePlus input = example();
        input.setRoi(40, 30, 100, 80);
        ImagePlus cut = input.crop();
        try (Translator translator = new Translator(model, TranslateOptions.defaults())) {
            ImagePreview.Result shown = new ImagePreview(translator).restore(cut, Progress.NONE);
            ImagePlus expected = new ImageRestorer(translator, ImageOptions.defaults()).restore(cut, Progress.NONE).image();
            assertArrayEquals((byte[]) expected.getProcessor().getPixels(), (byte[]) shown.pixels().getPixels());
            assertEquals("mode mean", shown.how());
        }
    }

    /** The selection alone, as of the whole image but for what tiles may differ: the network sees as much around it. */
    @Test
    void aSelectionIsShownInItsPlace() {
        ImageProcessor bright = example().getProcessor().convertToShort(false);
        bright.multiply(200);
        ImagePlus input = new ImagePlus("bright", bright);
        input.setRoi(new OvalRoi(60, 50, 70, 40));
        ImagePreview.Result shown = preview(input, DenoiseOptions.defaults(), Progress.NONE);
        assertEquals(60, shown.x());
        assertEquals(50, shown.y());
        assertEquals(70, shown.pixels().getWidth());
        ImageProcessor expected = whole(input, DenoiseOptions.defaults()).getProcessor();
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 70; x++) {
                assertEquals(expected.get(60 + x, 50 + y), shown.pixels().get(x, y), 20, x + ", " + y);
            }
        }
        assertEquals(input.getProcessor().get(60, 50), shown.pixels().get(0, 0));
        assertEquals(new Roi(60, 50, 70, 40).getBounds(), input.getRoi().getBounds());
    }

    @Test
    void aLongChainIsShownOnASmallerPart() {
        ImagePreview.Result shown = preview(example(), DenoiseOptions.defaults().withMode(Mode.SAMPLE).withSteps(20), Progress.NONE);
        assertEquals(114, shown.pixels().getWidth());
        assertEquals((example().getWidth() - 114) / 2, shown.x());
    }

    @Test
    void theCurrentChannelHasItsLut() {
        ImagePlus stack = example();
        ij.ImageStack planes = stack.getStack();
        planes.addSlice(stack.getProcessor().duplicate());
        stack.setStack(planes);
        stack.setDimensions(2, 1, 1);
        CompositeImage input = new CompositeImage(stack, CompositeImage.COMPOSITE);
        input.setC(2);
        ImagePreview.Result shown = preview(input, DenoiseOptions.defaults(), Progress.NONE);
        assertEquals(input.getChannelLut(2).getRGB(255), shown.pixels().getLut().getRGB(255));
    }

    @Test
    void coloursAreShownTogether() {
        ImagePlus input = example();
        ColorProcessor colors = new ColorProcessor(input.getWidth(), input.getHeight());
        colors.setChannel(2, (ij.process.ByteProcessor) input.getProcessor());
        ImageProcessor shown = preview(new ImagePlus("rgb", colors), DenoiseOptions.defaults(), Progress.NONE).pixels();
        byte[] green = ((ColorProcessor) shown).getChannel(2);
        assertArrayEquals((byte[]) whole(input, DenoiseOptions.defaults()).getProcessor().getPixels(), green);
        assertTrue(Arrays.equals(new byte[green.length], ((ColorProcessor) shown).getChannel(1)));
    }

    @Test
    void theImageStaysAsItIs() {
        ImagePlus input = example();
        byte[] before = ((byte[]) input.getProcessor().getPixels()).clone();
        ImagePreview.Result shown = preview(input, DenoiseOptions.defaults(), Progress.NONE);
        assertArrayEquals(before, (byte[]) input.getProcessor().getPixels());
        assertNotEquals(0, Arrays.compare(before, (byte[]) shown.pixels().getPixels()));
    }

    @Test
    void whatIsNotWantedAnyMoreEnds() {
        assertThrows(CancellationException.class, () -> preview(example(), DenoiseOptions.defaults(), new Progress() {
            @Override
            public void update(double fraction) {
                // not looked at
            }

            @Override
            public boolean cancelled() {
                return true;
            }
        }));
    }
}
