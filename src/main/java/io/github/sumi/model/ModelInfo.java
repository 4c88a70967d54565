// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import io.github.sumi.schedule.SchedulerConfig;
import java.util.List;
import java.util.Locale;

/**
 * What a model says of itself: sumi.json, format version 1 (models/README.md), and the sizes of unet/config.json.
 *
 * @param version counts up with every change of the weights
 * @param inChannels channels of the network's input: those of x_t, then those of a condition
 * @param outChannels channels of the network's output: those of x_t, or twice as many where the variance is learned
 * @param conditionChannels channels of the image that the network is given beside x_t, in all timesteps the same (Saharia et al. 2021,
 *     arXiv 2104.07636, section 2.4); 0 where there is none
 * @param tile default height and width of a tile, pixels
 * @param overlap default pixels that neighbouring tiles share
 * @param sizeMultiple height and width of the network's input must be multiples of it
 * @param receptiveField pixels to each side that an output pixel depends on; null where the whole tile matters
 * @param precision what the network computes in inside, one of {@link #PRECISIONS}; its input and output are float32 nevertheless
 * @param lowPercentile percentile of the image that becomes -1
 * @param highPercentile percentile of the image that becomes 1
 * @param trainedFor what noise and images it was trained for, a sentence
 * @param sha256 of unet/model.onnx, hexadecimal; empty where the folder has no sumi.json
 * @param uncertainty how far its samples are to be trusted
 * @param labels the classes that it makes
 */
public record ModelInfo(String name, int version, String description, String license, String citation,
        String trainingData, int inChannels, int outChannels, int conditionChannels, int tile, int overlap, int sizeMultiple,
        Integer receptiveField, String precision, double lowPercentile, double highPercentile, String trainedFor, String sha256,
        Calibration uncertainty, ClassLabels labels) {

    /**
     * A network's own error isn't in the spread of its samples, so their SD is too small.
     *
     * @param factor what the SD over samples is multiplied by so that it fits the error, 0.1 to 10; 1 where nothing was calibrated
     * @param calibratedOn the images by which it was found, a sentence; empty where nothing was calibrated
     */
    public record Calibration(double factor, String calibratedOn) {

        private static Calibration read(Json uncertainty) {
            double factor = uncertainty.number("factor", 1);
            if (factor < LEAST_FACTOR || factor > LARGEST_FACTOR) {
                throw uncertainty.fault("factor", "a number from " + LEAST_FACTOR + " to " + LARGEST_FACTOR);
            }
            return new Calibration(factor, uncertainty.text("calibratedOn", ""));
        }

        /** In words, for the Info of a result; empty where nothing was calibrated. */
        public String describe() {
            return factor == 1 && calibratedOn.isEmpty() ? "" : String.format(Locale.ROOT, "SD over the samples times %.4g%s", factor,
                    calibratedOn.isEmpty() ? "" : ", calibrated on " + calibratedOn);
        }
    }

    /** The newest format of sumi.json that is understood. */
    public static final int FORMAT_VERSION = 1;

    /** float32, float16, and int8 where the convolutions are in 8-bit integers. */
    public static final List<String> PRECISIONS = List.of("float32", "float16", "int8");

    private static final String SUMI = "sumi.json";
    /** What the name of a network in float16 has more than that of the same one in float32. */
    private static final String HALF = "-fp16";
    private static final int MAX_CHANNELS = 64;
    private static final double LEAST_FACTOR = 0.1;
    private static final double LARGEST_FACTOR = 10;

    /** @throws ModelException naming file and key where a value is missing or out of range */
    static ModelInfo read(String id, ModelFiles files, SchedulerConfig scheduler) {
        Json unet = Json.parse(files.location() + "/unet/config.json", files.read("unet/config.json"));
        Json sumi = sumi(files);
        boolean own = files.readOrNull(SUMI) != null;
        if (own && sumi.integer("formatVersion", -1, -1, Integer.MAX_VALUE) != FORMAT_VERSION) {
            throw sumi.fault("formatVersion", FORMAT_VERSION + ", all that this Sumi reads: get a newer Sumi, or the model for this one");
        }
        if (own && !sumi.text("sha256", "").matches("[0-9a-fA-F]{64}")) {
            throw sumi.fault("sha256", "the SHA-256 of unet/model.onnx, 64 hexadecimal digits; export the model again");
        }
        int inChannels = unet.integer("in_channels", 3, 1, MAX_CHANNELS);
        int outChannels = unet.integer("out_channels", inChannels, 1, 2 * MAX_CHANNELS);
        int condition = conditionChannels(unet, inChannels, outChannels, scheduler.learnsVariance());
        int blocks = Math.max(1, unet.length("block_out_channels"));
        int sizeMultiple = sumi.integer("sizeMultiple", 1 << Math.min(blocks - 1, 10), 1, 1024);
        int tile = sumi.integer("tile", roundUp(64, sizeMultiple), sizeMultiple, 8192);
        int overlap = sumi.integer("overlap", Math.min(tile / 2, tile - sizeMultiple), 0, tile - sizeMultiple);
        Json normalization = sumi.child("normalization");
        double low = normalization.number("lowPercentile", 1.0);
        double high = normalization.number("highPercentile", 99.8);
        if (low < 0 || high > 100 || low >= high) {
            throw sumi.fault("normalization", "0 <= lowPercentile < highPercentile <= 100");
        }
        return new ModelInfo(sumi.text("name", id), sumi.integer("version", 1, 1, Integer.MAX_VALUE),
                sumi.text("description", ""), sumi.text("license", "not stated"), sumi.text("citation", ""),
                sumi.text("trainingData", "not stated"), inChannels, outChannels, condition, tile, overlap, sizeMultiple,
                sumi.has("receptiveField") ? (Integer) sumi.integer("receptiveField", 0, 1, 8192) : null,
                precision(sumi), low, high, sumi.text("trainedFor", "not stated"), sumi.text("sha256", ""),
                Calibration.read(sumi.child("uncertainty")), ClassLabels.read(unet, sumi));
    }

    /** What the input has more than x_t. The output has as many channels as x_t, or twice as many where the variance is learned. */
    private static int conditionChannels(Json unet, int in, int out, boolean learned) {
        int channels = learned && out % 2 == 0 ? out / 2 : out == 2 * in ? in : out;
        if (channels > in || learned && out % 2 != 0 && out != in) {
            throw unet.fault("out_channels", in + ", or fewer where the input has the channels of a condition too; twice that, "
                    + 2 * in + " at most, with a learned variance");
        }
        return in - channels;
    }

    /** Channels of the images that the model makes. */
    public int channels() {
        return inChannels - conditionChannels;
    }

    /** Whether the network is given an image beside x_t, and makes another of it. */
    public boolean isConditioned() {
        return conditionChannels > 0;
    }

    private static String precision(Json sumi) {
        String precision = sumi.text("precision", "float32");
        if (!PRECISIONS.contains(precision)) {
            throw sumi.fault("precision", "one of " + String.join(", ", PRECISIONS));
        }
        return precision;
    }

    /** What to do where float16 may be why the network's output isn't finite, a sentence; empty where it isn't. */
    String advice() {
        String name = this.name.endsWith(HALF) ? " " + this.name.substring(0, this.name.length() - HALF.length()) + "," : "";
        return precision.equals("float16") ? "It computes in float16, where numbers above 65504 become infinite: take the model" + name
                + " the same network in float32." : "";
    }

    /** The content of sumi.json, empty where there is none. @throws ModelException if it can't be read */
    static Json sumi(ModelFiles files) {
        byte[] bytes = files.readOrNull(SUMI);
        return Json.parse(files.location() + "/" + SUMI, bytes == null ? new byte[] {'{', '}'} : bytes);
    }

    private static int roundUp(int value, int multiple) {
        return (value + multiple - 1) / multiple * multiple;
    }
}
