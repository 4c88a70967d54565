// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.ImagePlus;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.pipeline.GenerateOptions;
import io.github.sumi.pipeline.Generator;
import io.github.sumi.pipeline.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of several channels makes them jointly, and they come as one composite. */
class ChannelsGeneratedTest {

    private static final Model THREE = Model.load(Path.of("src/test/resources/models/unet2d-rgb"));
    private static final GenerateOptions OPTIONS = new GenerateOptions(3, 16, 12, 4, 1, 0, null, null);

    private static ImagePlus generate(GenerateOptions options, boolean montage) {
        return ImageGenerator.generate(THREE, options, new ImageGenerator.Form(montage, false), Progress.NONE).image();
    }

    @Test
    void theChannelsOfAnImageAreACompositeInTheirOrder(@TempDir Path folder) throws Exception {
        ImagePlus made = generate(OPTIONS, false);
        assertArrayEquals(new int[] {16, 12, 3, 3, 1}, made.getDimensions());
        assertEquals(CompositeImage.COMPOSITE, assertInstanceOf(CompositeImage.class, made).getMode());
        assertEquals("image 2, channel 3", made.getStack().getSliceLabel(6));
        try (Generator generator = new Generator(THREE, OPTIONS)) {
            List<Img<FloatType>> images = generator.generate(Progress.NONE);
            for (int image = 0; image < 3; image++) {
                for (int channel = 0; channel < 3; channel++) {
                    float[] expected = (float[]) PlaneImages.processor(Views.hyperSlice(images.get(image), 2, channel)).getPixels();
                    assertArrayEquals(expected, (float[]) made.getStack().getPixels(3 * image + channel + 1), 0.01f);
                }
            }
        }
        Path file = folder.resolve("three.tif");
        TiffFiles.save(made, file, false);
        assertTrue(Files.size(file) > 0);
        assertArrayEquals(made.getDimensions(), TiffFiles.open(file).getDimensions());
    }

    @Test
    void aMontageShowsTheLastFramesOfEachChannel() {
        ImagePlus film = generate(new GenerateOptions(3, 16, 12, 4, 1, 2, null, null), false);
        assertArrayEquals(new int[] {16, 12, 3, 3, 2}, film.getDimensions());
        ImagePlus montage = generate(new GenerateOptions(3, 16, 12, 4, 1, 2, null, null), true);
        assertArrayEquals(new int[] {32, 24, 3, 1, 1}, montage.getDimensions());
        for (int channel = 1; channel <= 3; channel++) {
            float second = film.getStack().getProcessor(film.getStackIndex(channel, 2, 2)).getf(5, 7);
            assertEquals(second, montage.getStack().getProcessor(channel).getf(16 + 5, 7), 1e-4);
            assertNotEquals(second, film.getStack().getProcessor(film.getStackIndex(channel, 2, 1)).getf(5, 7), 1e-4);
        }
        assertTrue(montage.getInfoProperty().contains("montage=true"), montage.getInfoProperty());
    }

    @Test
    void aFilmOfTheForwardProcessIsOfOneChannel() {
        String message = assertThrows(ModelException.class, () -> ImageDiffuser.filmOfSample(THREE, new int[] {0}, 1, Progress.NONE)).getMessage();
        assertTrue(message.contains("images of 3 channels"), message);
    }
}
