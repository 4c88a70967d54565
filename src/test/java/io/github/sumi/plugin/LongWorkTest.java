// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.process.ShortProcessor;
import java.awt.event.KeyEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.app.event.StatusEvent;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.task.Task;
import org.scijava.task.event.TaskEvent;

class LongWorkTest {

    /** What a window of Fiji sees. */
    public static final class Window {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final List<Task> tasks = new CopyOnWriteArrayList<>();
        private volatile boolean cancels;
        private volatile long cancelsAt = 1;

        @EventHandler
        public void onStatus(StatusEvent event) {
            texts.add(String.valueOf(event.getStatusMessage()));
        }

        @EventHandler
        public void onTask(TaskEvent event) {
            tasks.add(event.getTask());
            if (cancels && event.getTask().getProgressValue() >= cancelsAt && !event.getTask().isCanceled()) {
                event.getTask().cancel("the stop icon");
            }
        }
    }

    private final Window window = new Window();
    private Context context;

    @BeforeEach
    void start() {
        context = new Context();
        context.service(EventService.class).subscribe(window);
    }

    @AfterEach
    void end() {
        IJ.resetEscape();
        context.dispose();
    }

    private static ImagePlus image(int planes, int size) {
        ImageStack stack = new ImageStack(size, size);
        for (int p = 0; p < planes; p++) {
            ShortProcessor plane = new ShortProcessor(size, size);
            for (int i = 0; i < size * size; i++) {
                plane.set(i, 1000 + i * (i + p) % 97);
            }
            stack.addSlice("plane " + p, plane);
        }
        return new ImagePlus("cells.tif", stack);
    }

    private Future<CommandModule> start(ImagePlus input, Object... more) {
        Object[] inputs = new Object[6 + more.length];
        System.arraycopy(new Object[] {"input", input, "noise", "gaussian", "sigma", 20.0}, 0, inputs, 0, 6);
        System.arraycopy(more, 0, inputs, 6, more.length);
        return context.service(CommandService.class).run(DdpmDenoise.class, true, inputs);
    }

    private static void assertCancelled(CommandModule module) {
        assertTrue(module.isCanceled());
        assertEquals("", module.getCancelReason());
        assertNull(module.getOutput("denoised"));
        assertNull(module.getOutput("sd"));
        assertEquals(0, WindowManager.getImageCount());
    }

    /** SciJava brings texts to the status bar on a thread of its own, maybe after the command has ended. */
    private void awaitText(String text) throws InterruptedException {
        for (int waited = 0; waited < 500 && !window.texts.contains(text); waited++) {
            Thread.sleep(10);
        }
        assertTrue(window.texts.contains(text), window.texts.toString());
    }

    /** Pressed for as long as it takes, since the command forgets what was pressed before it. */
    private static CommandModule pressEscape(Future<CommandModule> running) throws Exception {
        while (true) {
            IJ.setKeyDown(KeyEvent.VK_ESCAPE);
            try {
                return running.get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                IJ.setKeyUp(KeyEvent.VK_ESCAPE);
            }
        }
    }

    /** One evaluation of the network is all there is to be done. */
    @Test
    @DisplayName("Pain 24: it can't be cancelled")
    void escapeEndsOneCallOfTheNetwork() throws Exception {
        assertCancelled(pressEscape(start(image(1, 768), "tile", 768)));
    }

    @Test
    @DisplayName("Pain 24: what is cancelled leaves half a result")
    void theStopIconOfATaskCancelsAndLeavesNothing() throws Exception {
        window.cancels = true;
        assertCancelled(start(image(500, 64)).get());
        assertTrue(window.tasks.get(0).isCanceled() && window.tasks.get(0).isDone());
        awaitText("");
    }

    /** Planes one after the other until the stop icon is pressed: some are done by then. */
    @Test
    @DisplayName("Pain 24: what was finished is lost")
    void whatIsFinishedIsKeptOnRequest() throws Exception {
        window.cancels = true;
        CommandModule module = start(image(60, 64), "keep", true, "type", "float").get();
        assertTrue(module.isCanceled());
        ImagePlus kept = (ImagePlus) module.getOutput("denoised");
        assertEquals("cells-denoised-partial", kept.getTitle());
        assertTrue(kept.getStackSize() > 0 && kept.getStackSize() < 60, "planes: " + kept.getStackSize());
        assertEquals(kept.getStackSize(), kept.getNSlices());
        assertTrue(kept.getInfoProperty().contains("Sumi cancelled: " + (60 - kept.getStackSize()) + " planes were not reached"),
                kept.getInfoProperty());
        awaitText("Cancelled; what was finished is in cells-denoised-partial");
        window.cancels = false;
        ImagePlus whole = (ImagePlus) start(image(60, 64), "type", "float").get().getOutput("denoised");
        for (int n = 1; n <= kept.getStackSize(); n++) {
            assertEquals("plane " + (n - 1), kept.getStack().getSliceLabel(n));
            assertArrayEquals((float[]) whole.getStack().getPixels(n), (float[]) kept.getStack().getPixels(n));
        }
    }

    /** Of a hyperstack the first planes are no hyperstack; their labels say where they were. */
    @Test
    void keptPlanesOfAHyperstackSayWhereTheyWere() throws Exception {
        window.cancels = true;
        ImagePlus input = image(60, 64);
        input.setDimensions(2, 5, 6);
        input.setOpenAsHyperStack(true);
        ImagePlus kept = (ImagePlus) start(input, "keep", true, "mode", "uncertainty", "steps", 1, "samples", 2).get().getOutput("residual");
        assertEquals("cells-residual-partial", kept.getTitle());
        assertEquals("c:1 z:1 t:1 - plane 0", kept.getStack().getSliceLabel(1));
        assertFalse(kept.isHyperStack());
    }

    /** Images of this size are made one by one. */
    @Test
    void generatedImagesAreKeptOnRequest() throws Exception {
        Object[] inputs = {"count", 30, "width", 400, "height", 400, "steps", 1, "sampler", "ddim", "keep", true};
        CommandService commands = context.service(CommandService.class);
        window.cancelsAt = 100;
        window.cancels = true;
        CommandModule module = commands.run(DdpmGenerate.class, true, inputs).get();
        assertTrue(module.isCanceled());
        ImagePlus kept = (ImagePlus) module.getOutput("generated");
        assertEquals("nuclei-generated-partial", kept.getTitle());
        assertTrue(kept.getStackSize() > 0 && kept.getStackSize() < 30, "images: " + kept.getStackSize());
    }

    @Test
    @DisplayName("Pain 23: progress opens a window of its own")
    void statusAndTaskTellHowFarItIs() throws Exception {
        assertFalse(start(image(4, 32)).get().isCanceled());
        awaitText("Sumi: 25 %");
        awaitText("Sumi: 100 %");
        Task task = window.tasks.get(0);
        assertTrue(task.isDone() && !task.isCanceled());
        assertEquals(task.getProgressMaximum(), task.getProgressValue());
    }

    @Test
    void aSecondRunAtOnceWorks() throws Exception {
        ImagePlus expected = (ImagePlus) start(image(3, 96), "type", "float").get().getOutput("denoised");
        Future<CommandModule> one = start(image(3, 96), "type", "float");
        Future<CommandModule> two = start(image(3, 96), "type", "float");
        for (Future<CommandModule> run : List.of(one, two)) {
            ImagePlus result = (ImagePlus) run.get().getOutput("denoised");
            for (int n = 1; n <= 3; n++) {
                assertArrayEquals((float[]) expected.getStack().getPixels(n), (float[]) result.getStack().getPixels(n));
            }
        }
    }
}
