// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.ImageRoi;
import io.github.sumi.model.ModelLibrary;
import io.github.sumi.model.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.object.ObjectService;

/** What Fiji's dialogs do with a command while they are open: list, validate, preview, run or cancel. */
class DialogTest {

    private Context context;
    private Module module;
    private ImagePlus image;

    @BeforeEach
    void open() throws Exception {
        context = new Context();
        image = IJ.openImage("models/nuclei/example.tif");
        module = context.service(ModuleService.class).createModule(context.service(CommandService.class).getCommand(DdpmDenoise.class));
        module.initialize();
        module.setInput("input", image);
    }

    @AfterEach
    void close() {
        module.cancel();
        context.dispose();
    }

    private String problem() {
        return module.getInfo().getInput("device").validateMessage(module);
    }

    private static void await(BooleanSupplier what) throws InterruptedException {
        long end = System.currentTimeMillis() + 60_000;
        while (!what.getAsBoolean()) {
            assertTrue(System.currentTimeMillis() < end, "nothing came");
            Thread.sleep(20);
        }
    }

    private int shown() {
        return image.getOverlay() == null ? 0 : image.getOverlay().size();
    }

    @Test
    void valuesAreCheckedTogetherWhileTheDialogIsOpen() {
        module.setInput("noise", "gaussian");
        assertNull(problem(), "macros and scripts set sigma later");
        module.preview();
        assertEquals("noise is gaussian; give its standard deviation in grey values as sigma.", problem());
        module.setInput("sigma", 5.0);
        assertNull(problem());
        module.setInput("steps", 0);
        assertEquals("steps is 0; it must be from 1 to 1000.", problem());
    }

    @Test
    void thePreviewComesAndGoesAndIsNeverRecorded() throws Exception {
        byte[] before = ((byte[]) image.getProcessor().getPixels()).clone();
        module.preview();
        assertEquals(0, shown());
        module.setInput("preview", true);
        module.preview();
        await(() -> shown() == 1);
        ImageRoi first = (ImageRoi) image.getOverlay().get(0);
        // another value, another picture
        module.setInput("noise", "gaussian");
        module.setInput("sigma", 9.0);
        module.preview();
        await(() -> shown() == 1 && image.getOverlay().get(0) != first);
        // a wrong value, none
        module.setInput("steps", 0);
        module.preview();
        assertEquals(0, shown());
        module.setInput("steps", 20);
        module.preview();
        await(() -> shown() == 1);
        module.run();
        assertEquals(0, shown());
        assertArrayEquals(before, (byte[]) image.getProcessor().getPixels());
        assertNull(((ImagePlus) module.getOutput("denoised")).getOverlay());
        assertNull(module.getInput("preview"), "Fiji records what isn't null");
        // queued before OK, done after it
        module.setInput("preview", true);
        module.preview();
        Thread.sleep(200);
        assertEquals(0, shown());
        module.setInput("steps", 0);
        module.preview();
        assertNull(problem(), "no dialog is open any more");
    }

    @Test
    void cancellingTakesThePreviewAlong() throws Exception {
        module.setInput("preview", true);
        module.preview();
        await(() -> shown() == 1);
        module.cancel();
        assertEquals(0, shown());
        assertNull(image.getOverlay());
    }

    @Test
    void withoutADialogThereIsNoPreview() throws Exception {
        Module run = context.service(CommandService.class).run(DdpmDenoise.class, true, Map.of("input", image, "preview", true)).get();
        assertEquals("example-denoised", ((ImagePlus) run.getOutput("denoised")).getTitle());
        assertEquals(0, shown());
    }

    @Test
    void dialogsListTheModelsThatAreHere(@TempDir Path folder) throws Exception {
        ObjectService objects = context.service(ObjectService.class);
        assertTrue(objects.getObjects(ModelName.class).contains(ModelName.DENOISER));
        ModelLibrary library = new ModelLibrary(List.of(folder), folder);
        Files.createDirectory(folder.resolve("mine"));
        ModelName.offer(library, objects);
        assertTrue(objects.getObjects(ModelName.class).contains(new ModelName("mine")));
        ModelName.offer(library, objects);
        assertEquals(1, objects.getObjects(ModelName.class).stream().filter(new ModelName("mine")::equals).count());
        Files.delete(folder.resolve("mine"));
        ModelName.offer(library, objects);
        assertFalse(objects.getObjects(ModelName.class).contains(new ModelName("mine")));
    }

    /** Each dialog lists the models that it can use. */
    @Test
    void modelsThatMakeAnImageOfAnotherAreForTranslateAlone(@TempDir Path folder) {
        ObjectService objects = context.service(ObjectService.class);
        ModelLibrary library = new ModelLibrary(List.of(folder), folder);
        assertEquals(List.of(ModelName.NONE), ModelName.offerTranslators(library, objects));
        assertEquals(List.of(ModelName.NONE), objects.getObjects(ModelName.class));
        assertTrue(ModelName.noTranslator(library).startsWith("There is no model to translate with"), ModelName.noTranslator(library));
        TinyModel.conditioned(folder, "");
        TinyModel.folder(folder, "timestep-float-n");
        assertEquals(List.of(new ModelName("condition")), ModelName.offerTranslators(library, objects));
        assertEquals(List.of(new ModelName("condition")), objects.getObjects(ModelName.class));
        assertEquals("model is missing; it must be one of condition, or a path.", ModelName.noTranslator(library));
        ModelName.offer(library, objects);
        List<ModelName> others = objects.getObjects(ModelName.class);
        assertTrue(others.contains(ModelName.DENOISER) && others.contains(new ModelName("timestep-float-n")), others.toString());
        assertFalse(others.contains(new ModelName("condition")) || others.contains(ModelName.NONE), others.toString());
    }

    @Test
    void dialogsListTheLabelsOfTheModelsThatAreHere(@TempDir Path folder) throws Exception {
        ObjectService objects = context.service(ObjectService.class);
        Path labelled = Files.createDirectory(folder.resolve("mine"));
        Path model = Path.of("src/test/resources/models/unet2d-labels");
        for (String file : List.of("unet/config.json", "unet/model.onnx", "scheduler/scheduler_config.json", "sumi.json")) {
            Files.createDirectories(labelled.resolve(file).getParent());
            Files.copy(model.resolve(file), labelled.resolve(file));
        }
        LabelName.offer(new ModelLibrary(List.of(folder), folder), objects);
        List<LabelName> offered = objects.getObjects(LabelName.class);
        assertEquals(LabelName.ALL, offered.get(0));
        assertTrue(offered.contains(new LabelName("dense nuclei")));
        Files.delete(labelled.resolve("unet/config.json"));
        LabelName.offer(new ModelLibrary(List.of(folder), folder), objects);
        assertFalse(objects.getObjects(LabelName.class).contains(new LabelName("dense nuclei")));
    }

    /** As Fiji's macros do. */
    @Test
    void anyTextMayNameAModel() {
        assertEquals(new ModelName("/data/my model"), context.service(ConvertService.class).convert("/data/my model", ModelName.class));
    }
}
