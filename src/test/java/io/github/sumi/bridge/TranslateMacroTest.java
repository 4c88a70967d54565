// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ShortProcessor;
import io.github.sumi.model.TinyModel;
import io.github.sumi.plugin.DdpmTranslate;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DDPM Translate... by macros, with a model whose mean is the image that it is given, and whose samples spread around it. */
class TranslateMacroTest {

    @TempDir
    Path folder;
    private Path model;

    @BeforeEach
    void make() {
        model = TinyModel.conditioned(folder, "");
    }

    @AfterEach
    void forget() {
        WindowManager.setTempCurrentImage(null);
    }

    private MacroCall translate(ImagePlus image, String options) throws InterruptedException {
        return MacroCall.run(DdpmTranslate.class.getName(), options.replace("MODEL", "model=" + model), image);
    }

    private static ShortProcessor pixels(int seed) {
        ShortProcessor pixels = new ShortProcessor(40, 32);
        for (int i = 0; i < 40 * 32; i++) {
            pixels.set(i, 1000 + 13 * (i * (i + seed) % 29));
        }
        return pixels;
    }

    private static ImagePlus image() {
        return new ImagePlus("cells.tif", pixels(3));
    }

    @Test
    void theMeanIsInTheGreyValuesOfTheImage() throws Exception {
        MacroCall call = translate(image(), "MODEL");
        assertEquals("cells-translated", call.current().getTitle());
        assertArrayEquals((short[]) pixels(3).getPixels(), (short[]) call.current().getProcessor().getPixels());
        String info = call.current().getInfoProperty();
        assertTrue(info.contains("Sumi planes: 1 translated") && info.contains("Sumi mode: mean (1 UNet evaluation), seed 1"), info);
        assertEquals("", call.printed());
    }

    @Test
    void theLineInTheInfoRepeatsTheRun() throws Exception {
        MacroCall first = translate(image(), "MODEL mode=uncertainty samples=3 steps=4 sampler=ddim eta=0.5 type=float range=plane seed=7 tile=32 overlap=8 device=cpu");
        Matcher line = Pattern.compile("Sumi macro: run\\(\"DDPM Translate...\", \"(.*)\"\\);").matcher(first.current().getInfoProperty());
        assertTrue(line.find(), first.current().getInfoProperty());
        assertEquals("model=" + model + " mode=uncertainty samples=3 steps=4 sampler=ddim eta=0.5 scope=stack channels=all range=plane type=float seed=7"
                + " tile=32 overlap=8 device=cpu", line.group(1));
        ImagePlus second = translate(image(), line.group(1)).current();
        assertArrayEquals((float[]) first.current().getProcessor().getPixels(), (float[]) second.getProcessor().getPixels());
    }

    /** One channel is left out, a plane of the other is constant: both are copies. */
    @Test
    void channelsAndPlanesAreDoneEachByItself() throws Exception {
        ImageStack stack = new ImageStack(40, 32);
        stack.addSlice("a", pixels(1));
        stack.addSlice("b", pixels(2));
        stack.addSlice("c", new ShortProcessor(40, 32));
        stack.addSlice("d", pixels(4));
        ImagePlus plain = new ImagePlus("two.tif", stack);
        plain.setDimensions(2, 1, 2);
        ImagePlus made = translate(new CompositeImage(plain, CompositeImage.COMPOSITE), "MODEL channels=1 mode=sample steps=3").current();
        assertEquals(2, made.getNChannels());
        assertEquals(2, made.getNFrames());
        assertTrue(Math.abs(made.getStack().getProcessor(1).get(77) - pixels(1).get(77)) > 1, "a sample differs");
        for (int plane = 2; plane <= 4; plane++) {
            assertArrayEquals((short[]) stack.getProcessor(plane).getPixels(), (short[]) made.getStack().getProcessor(plane).getPixels());
        }
    }

    @Test
    void pixelsOutsideOfTheSelectionStay() throws Exception {
        ImagePlus image = image();
        image.setRoi(4, 4, 10, 10);
        ImagePlus made = translate(image, "MODEL mode=sample steps=3").current();
        assertEquals(pixels(3).get(30, 30), made.getProcessor().get(30, 30));
        int changed = 0;
        for (int i = 4; i < 14; i++) {
            changed += made.getProcessor().get(i, i) == pixels(3).get(i, i) ? 0 : 1;
        }
        assertTrue(changed > 5, changed + " of 10");
    }

    @Test
    void redGreenAndBlueAreChannels() throws Exception {
        ColorProcessor colors = new ColorProcessor(40, 32);
        for (int i = 0; i < 40 * 32; i++) {
            colors.set(i, (i * 7 % 200) << 16 | (i * 5 % 120) << 8 | i * 3 % 250);
        }
        ImagePlus made = translate(new ImagePlus("rgb", colors), "MODEL").current();
        for (int i = 0; i < 40 * 32; i++) {
            assertEquals(colors.get(i) & 0xFFFFFF, made.getProcessor().get(i) & 0xFFFFFF);
        }
        assertTrue(made.getInfoProperty().contains("red, green and blue were translated each as a channel"), made.getInfoProperty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mode=mean                  | There is no model to translate with",
        "model=none                 | There is no model to translate with",
        "model=nuclei               | Model nuclei isn't given an image to make another of",
        "MODEL mode=best            | mode is \"best\"",
        "MODEL steps=many           | steps is \"many\"",
        "MODEL samples=1            | samples is ",
        "MODEL sampler=best         | best",
        "MODEL channels=9           | channels names channel 9",
        "MODEL mode=sample eta=0.5  | eta is 0.5",
        "MODEL input=nowhere        | input is \"nowhere\""})
    void whatCannotBeStopsTheMacroWithASentence(String options, String sentence) throws Exception {
        ImagePlus image = image();
        MacroCall call = translate(image, options);
        assertTrue(call.printed().contains(sentence), call.printed());
        assertTrue(call.current() == null || call.current() == image, "no result");
    }

    @Test
    void whatHoldsNoImageIsASentence() throws Exception {
        FloatProcessor constant = new FloatProcessor(16, 16);
        ImagePlus image = new ImagePlus("constant", constant);
        MacroCall call = translate(image, "MODEL");
        assertTrue(call.printed().contains("so there is nothing to translate."), call.printed());
        FloatProcessor nan = new FloatProcessor(20, 20);
        nan.setf(3, 2, Float.NaN);
        assertTrue(translate(new ImagePlus("nan", nan), "MODEL").printed().contains("x = 3, y = 2"));
    }

    @Test
    void denoiseSendsHere() throws Exception {
        ImagePlus image = image();
        MacroCall call = MacroCall.run("io.github.sumi.plugin.DdpmDenoise", "model=" + model, image);
        assertTrue(call.printed().contains("which DDPM Translate... and 'sumi translate' do"), call.printed());
    }
}
