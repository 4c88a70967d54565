// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.util.Map;
import java.util.TreeMap;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.ui.UIService;

/** Every kind of input that the bridge knows; keeps what it was given. */
@Plugin(type = Command.class, menu = {@Menu(label = "Plugins"), @Menu(label = "Test"), @Menu(label = "Dummy...")})
public final class DummyCommand extends ContextCommand {

    enum Shade { LIGHT, DARK }

    /** The values of the last run, or null. */
    static volatile Map<String, Object> last;

    @Parameter
    private StatusService status;
    @Parameter(required = false)
    private UIService ui;
    @Parameter(visibility = ItemVisibility.MESSAGE)
    private final String header = "A dummy, for tests";
    @Parameter(visibility = ItemVisibility.INVISIBLE)
    private String secret = "hidden";
    @Parameter(persist = false)
    private ImagePlus input;
    @Parameter(label = "Model name", persist = false)
    private String model = "nuclei";
    @Parameter(label = "Noise", choices = {"auto", "gaussian"}, persist = false)
    private String noise = "auto";
    @Parameter(label = "Read noise", persist = false, required = false)
    private Double readNoise;
    @Parameter(label = "Offset", persist = false)
    private double offset = 0.5;
    @Parameter(label = "Count", min = "1", max = "10", persist = false)
    private int count = 3;
    @Parameter(label = "Seed", persist = false)
    private Long seed = 1L;
    @Parameter(label = "Overwrite the file", persist = false)
    private boolean overwrite;
    @Parameter(persist = false)
    private Shade shade = Shade.DARK;
    @Parameter(persist = false)
    private String failure = "none";

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus first;
    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus second;

    @Override
    public void run() {
        last = null;
        switch (failure) {
            case "throw" -> throw new IllegalStateException("the dummy broke\nin two lines");
            case "refuse" -> cancel("noise is wrong.");
            case "escape" -> cancel("");
            default -> work();
        }
    }

    private void work() {
        Map<String, Object> values = new TreeMap<>();
        values.put("input", input.getTitle());
        values.put("model", model);
        values.put("noise", noise);
        values.put("readNoise", String.valueOf(readNoise));
        values.put("offset", offset);
        values.put("count", count);
        values.put("seed", seed);
        values.put("overwrite", overwrite);
        values.put("shade", shade);
        values.put("ui", ui == null ? "none" : ui);
        last = values;
        status.showStatus(1, 2, "dummy at work");
        for (int i = 0; failure.equals("slow") && i < 20; i++) {
            // again and again: opening a window writes to the status bar too
            status.showStatus(1, 2, "dummy at work");
            IJ.wait(100);
        }
        first = new ImagePlus("first", new ByteProcessor(4, 4));
        second = new ImagePlus("second", new ByteProcessor(4, 4));
    }
}
