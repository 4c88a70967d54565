// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.VirtualStack;
import ij.io.FileInfo;
import ij.io.FileOpener;
import ij.io.ImageReader;
import ij.io.RandomAccessStream;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** The planes of a TIFF file, each read when it is asked for. ImageJ's own such stack loses LUT and selection, and shows faults as black. */
final class TiffStack extends VirtualStack {

    private static final Set<Integer> TYPES = Set.of(FileInfo.GRAY8, FileInfo.COLOR8, FileInfo.GRAY16_UNSIGNED, FileInfo.GRAY16_SIGNED,
            FileInfo.GRAY32_FLOAT, FileInfo.RGB);

    private final List<FileInfo> planes = new ArrayList<>();
    private final String[] labels;

    private TiffStack(FileInfo[] parts) {
        super(parts[0].width, parts[0].height);
        for (FileInfo part : parts) {
            long bytes = (long) part.width * part.height * part.getBytesPerPixel();
            for (int i = 0; i < Math.max(1, part.nImages); i++) {
                FileInfo plane = (FileInfo) part.clone();
                plane.nImages = 1;
                if (part.nImages > 1) {
                    plane.longOffset = part.getOffset() + i * (bytes + part.getGap());
                }
                planes.add(plane);
            }
        }
        labels = parts[0].sliceLabels != null && parts[0].sliceLabels.length == planes.size() ? parts[0].sliceLabels : new String[planes.size()];
    }

    /** Whether the file is a stack of a kind that can be read plane by plane. */
    static boolean fits(FileInfo[] parts) {
        FileInfo first = parts[0];
        boolean strips = first.stripOffsets != null && first.stripOffsets.length > 1;
        boolean upsideDown = strips && (first.stripOffsets[first.stripOffsets.length - 1] & 0xFFFFFFFFL) < (first.stripOffsets[0] & 0xFFFFFFFFL);
        return parts.length * (long) Math.max(1, first.nImages) > 1 && TYPES.contains(first.fileType)
                && (first.samplesPerPixel == 1 || first.fileType == FileInfo.RGB) && !upsideDown
                && (first.nImages <= 1 || !strips && first.compression <= FileInfo.COMPRESSION_NONE)
                && (first.description == null || !first.description.contains("order=zct"));
    }

    /** The image with all that ImageJ keeps in the file. @return null if its first plane can't be read */
    static ImagePlus open(FileInfo[] parts) {
        TiffStack stack = new TiffStack(parts);
        ImagePlus plane = new FileOpener((FileInfo) stack.planes.get(0).clone()).openImage();
        if (plane == null || plane.getProcessor() == null) {
            return null;
        }
        stack.setBitDepth(plane.getBitDepth());
        stack.setColorModel(plane.getProcessor().getColorModel());
        ImagePlus image = Dressing.like(plane, stack, "", false);
        image.setFileInfo(parts[0]);
        Properties properties = new FileOpener(parts[0]).decodeDescriptionString((FileInfo) parts[0].clone());
        int channels = size(properties, "channels");
        int slices = size(properties, "slices");
        int frames = size(properties, "frames");
        if ((long) channels * slices * frames == stack.getSize()) {
            image.setDimensions(channels, slices, frames);
            image.setOpenAsHyperStack(properties != null && "true".equals(properties.getProperty("hyperstack")));
        }
        String mode = properties == null ? null : properties.getProperty("mode");
        if (image.getNChannels() > 1 && (image.getOpenAsHyperStack() || mode != null) && image.getBitDepth() != 24) {
            return new CompositeImage(image, "composite".equals(mode) ? CompositeImage.COMPOSITE
                    : mode != null && mode.startsWith("gray") ? CompositeImage.GRAYSCALE : CompositeImage.COLOR);
        }
        return image;
    }

    private static int size(Properties properties, String key) {
        String text = properties == null ? null : properties.getProperty(key);
        return text != null && text.strip().matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text.strip()) : 1;
    }

    /** @throws UncheckedIOException in a sentence, if the file can't be read any more */
    @Override
    public ImageProcessor getProcessor(int n) {
        FileInfo plane = (FileInfo) planes.get(n - 1).clone();
        File file = new File(plane.directory, plane.fileName);
        Object pixels;
        boolean strips = plane.compression >= FileInfo.LZW || plane.stripOffsets != null && plane.stripOffsets.length > 1;
        try (InputStream in = strips ? new RandomAccessStream(new RandomAccessFile(file, "r")) : new FileInputStream(file)) {
            pixels = new ImageReader(plane).readPixels(in);
        } catch (IOException | RuntimeException e) {
            throw fault(file, n, e);
        }
        if (pixels == null) {
            throw fault(file, n, null);
        }
        ImageProcessor processor = processor(pixels);
        processor.setSliceNumber(n);
        return processor;
    }

    private static UncheckedIOException fault(File file, int n, Exception e) {
        String sentence = "Plane " + n + " of " + file + " can't be read" + (e == null ? "" : " (" + e.getMessage() + ")")
                + ". Is the file still there and whole?";
        return new UncheckedIOException(sentence, new IOException(sentence, e));
    }

    private ImageProcessor processor(Object pixels) {
        if (pixels instanceof byte[] bytes) {
            return new ByteProcessor(getWidth(), getHeight(), bytes, getColorModel());
        } else if (pixels instanceof short[] shorts) {
            return new ShortProcessor(getWidth(), getHeight(), shorts, getColorModel());
        } else if (pixels instanceof int[] ints) {
            return new ColorProcessor(getWidth(), getHeight(), ints);
        }
        return new FloatProcessor(getWidth(), getHeight(), (float[]) pixels, getColorModel());
    }

    @Override
    public int getSize() {
        return planes.size();
    }

    @Override
    public String getSliceLabel(int n) {
        return labels[n - 1];
    }
}
