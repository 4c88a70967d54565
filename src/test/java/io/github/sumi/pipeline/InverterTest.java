// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sumi.model.Device;
import io.github.sumi.model.Model;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.schedule.Tensor;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.File;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.Test;

class InverterTest {

    private static final Model MODEL = ModelLibrary.standard(null).find("nuclei");

    /** The middle of unseen nuclei. */
    private static Img<FloatType> nuclei(String name, int size) throws IOException {
        BufferedImage file = ImageIO.read(new File("models/nuclei/testset/" + name + ".png"));
        Raster raster = file.getRaster();
        float[] pixels = new float[size * size];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = raster.getSample((file.getWidth() - size) / 2 + i % size, (file.getHeight() - size) / 2 + i / size, 0);
        }
        return Planes.image(pixels, size, size);
    }

    private static Inverter.Result roundTrip(Img<FloatType> plane, int steps) {
        try (Inverter inverter = new Inverter(MODEL, steps, null, null, Device.AUTO)) {
            return inverter.roundTrip(plane, Progress.NONE);
        }
    }

    /** Song, Meng &amp; Ermon 2021, section 5.4: the error falls with the number of steps; that of Euler's method as 1 / steps. */
    @Test
    void theRoundTripsErrorFallsAsOneOverSteps() throws IOException {
        Img<FloatType> plane = nuclei("2d53d7ec0c579fff", 48);
        double coarse = roundTrip(plane, 20).psnr();
        double fine = roundTrip(plane, 200).psnr();
        double order = (fine - coarse) / 20;
        assertTrue(order > 0.75 && order < 1.25, "order " + order);
        assertTrue(fine >= 30, fine + " dB");
    }

    @Test
    void theReconstructionIsInGreyValuesAndTheSameEachTime() throws IOException {
        Img<FloatType> plane = nuclei("07fb37aafa662660", 32);
        Inverter.Result result = roundTrip(plane, 50);
        assertEquals(mean(plane), mean(result.images().get(0)), 0.1 * mean(plane));
        assertEquals(result.psnr(), roundTrip(plane, 50).psnr(), 1e-9);
    }

    private static double mean(Img<FloatType> image) {
        double sum = 0;
        for (FloatType value : image) {
            sum += value.get();
        }
        return sum / image.size();
    }

    @Test
    void betweenTwoImagesTheFirstAndLastAreTheirReconstructions() throws IOException {
        Img<FloatType> first = nuclei("07fb37aafa662660", 32);
        Img<FloatType> last = nuclei("2d53d7ec0c579fff", 32);
        try (Inverter inverter = new Inverter(MODEL, 10, null, null, Device.AUTO)) {
            List<Img<FloatType>> images = inverter.between(first, last, 3, Progress.NONE).images();
            assertEquals(3, images.size());
            assertSame(inverter.roundTrip(first, Progress.NONE).images().get(0), images.get(0));
            assertSame(inverter.roundTrip(last, Progress.NONE).images().get(0), images.get(2));
            Img<FloatType> small = nuclei("07fb37aafa662660", 16);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> inverter.between(first, small, 3, Progress.NONE)).getMessage()
                    .contains("32 x 32 and 16 x 16"));
        }
    }

    private static void assertSame(Img<FloatType> expected, Img<FloatType> image) {
        var other = image.cursor();
        for (FloatType value : expected) {
            assertEquals(value.get(), other.next().get(), 0.1);
        }
    }

    @Test
    void onTheGreatCircleNoiseKeepsItsStrength() {
        Tensor ends = Tensor.allocate(2, 1, 32, 32);
        new NoiseField(1).fill(0, 0, ends);
        Tensor between = Slerp.between(ends, 3);
        double power = 0;
        for (int i = 1024; i < 2048; i++) {
            power += between.buffer().get(i) * between.buffer().get(i) / 1024;
        }
        assertEquals(1, power, 0.1);
        for (int i = 0; i < 1024; i++) {
            assertEquals(ends.buffer().get(i), between.buffer().get(i), 1e-6);
            assertEquals(ends.buffer().get(1024 + i), between.buffer().get(2048 + i), 1e-6);
            ends.buffer().put(1024 + i, ends.buffer().get(i));
        }
        assertEquals(ends.buffer().get(7), Slerp.between(ends, 3).buffer().get(1024 + 7), 1e-6, "the same noise twice");
    }
}
