// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import com.google.gson.JsonObject;
import io.github.sumi.model.Model;
import io.github.sumi.pipeline.Progress;
import io.github.sumi.pipeline.Residual;
import io.github.sumi.pipeline.Scaling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Does the work stage by stage; units that are done already are skipped. */
final class Run {

    /** Key of the state that says that the results are whole. */
    static final String WHOLE = "whole";
    private static final String HEADERS = "headers";

    /** Does the units of a stage that aren't done yet, in any order, and keeps what they return under {@link #key}. */
    @FunctionalInterface
    interface Units {
        void run(Stage stage, List<Integer> missing, Progress progress) throws IOException;
    }

    private final Work work;
    private final Model model;

    Run(Work work, Model model) {
        this.work = work;
        this.model = model;
    }

    /** Where what is kept of a unit lies in the state. */
    static String key(Stage stage, int unit) {
        return stage.name() + "/" + unit;
    }

    /** One after the other, in this process. */
    void here(Stage stage, List<Integer> missing, Progress progress) throws IOException {
        for (int i = 0; i < missing.size(); i++) {
            Progress part = progress.part(i, missing.size());
            progress.check();
            work.state().write(key(stage, missing.get(i)), stage.run(missing.get(i), part));
            part.update(1);
        }
    }

    /** Does what is missing; then the results are whole images. @param notes what the user should know of the noise, before the long part begins */
    void run(Units units, Progress progress, Consumer<String> notes) throws IOException {
        if (work.state().exists(WHOLE)) {
            return;
        }
        if (!work.state().exists(HEADERS)) {
            work.writeHeaders();
            work.state().write(HEADERS, new byte[0]);
        }
        double before = 0;
        double all = 0;
        List<Stage> stages = work.stages();
        for (Stage stage : stages) {
            all += stage.share();
        }
        for (Stage stage : stages) {
            List<Integer> missing = new ArrayList<>();
            Set<String> kept = work.state().names(stage.name());
            for (int unit = 0; unit < stage.units(); unit++) {
                if (!kept.contains(String.valueOf(unit))) {
                    missing.add(unit);
                }
            }
            double done = stage.share() * (stage.units() - missing.size()) / stage.units();
            if (!missing.isEmpty()) {
                units.run(stage, missing, new Span(progress, (before + done) / all, (before + stage.share()) / all));
            }
            if (!work.state().exists(stage.name() + ".json")) {
                stage.conclude();
            }
            if (stage.name().equals(NoiseStage.NAME)) {
                noise().notes().forEach(notes);
            }
            if (stage.name().equals(RangeStage.NAME)) {
                scalings().forEach((group, scaling) -> scaling.warnings().forEach(warning -> notes.accept(named(group) + ": " + warning)));
            }
            before += stage.share();
        }
        JsonObject description = description();
        for (String result : Work.names(work.spec())) {
            work.image().writeGroup(work.results().get(result), work.image().attributesOf(work.pyramid(result).datasets(), description));
        }
        work.state().write(WHOLE, Json.bytes(description));
    }

    /** A part of a progress. */
    private record Span(Progress whole, double from, double to) implements Progress {
        @Override
        public void update(double fraction) {
            whole.update(from + Math.min(1, fraction) * (to - from));
        }

        @Override
        public boolean cancelled() {
            return whole.cancelled();
        }
    }

    Measured.Noise noise() throws IOException {
        return Measured.parse(work.state().read(NoiseStage.RESULT), Measured.Noise.class);
    }

    private Map<Integer, Scaling> scalings() throws IOException {
        return Measured.parse(work.state().read(RangeStage.RESULT), Measured.Whole.class).groups();
    }

    private String named(int group) {
        return (work.spec().rangePerPlane() ? "plane " : "channel ") + (group + 1);
    }

    /** Of all pixels, whichever process wrote them. */
    Measured.Written written() throws IOException {
        Measured.Written sum = new Measured.Written(0, 0, 0, 0);
        for (Measured.Written part : Measured.all(work.state(), new PixelStage(work), Measured.Written.class)) {
            sum = new Measured.Written(sum.varianceRatio() + part.varianceRatio(), sum.correlation() + part.correlation(),
                    sum.residuals() + part.residuals(), sum.clipped() + part.clipped());
        }
        return sum;
    }

    /** The mean over all blocks; null where none was measured. */
    static Residual residual(Measured.Written written) {
        return written.residuals() == 0 ? null
                : new Residual(written.varianceRatio() / written.residuals(), written.correlation() / written.residuals());
    }

    /** What was done, as the result's attribute "sumi". */
    private JsonObject description() throws IOException {
        Measured.Noise noise = noise();
        Measured.Written written = written();
        JsonObject done = new JsonObject();
        done.addProperty("model", model.id() + "@" + model.info().version());
        done.addProperty("sha256", model.sha256());
        done.addProperty("mode", work.spec().options().mode().key());
        if (work.spec().options().flips()) {
            done.addProperty("flips", true);
        }
        done.addProperty("seed", work.spec().options().seed());
        done.addProperty("tile", work.spec().options().tile() == null ? model.info().tile() : work.spec().options().tile());
        done.addProperty("device", work.denoiser().device());
        JsonObject groups = new JsonObject();
        for (Map.Entry<Integer, Scaling> group : scalings().entrySet()) {
            JsonObject of = new JsonObject();
            of.addProperty("noise", noise.models().get(group.getKey()).describe());
            of.addProperty("low", group.getValue().low());
            of.addProperty("high", group.getValue().high());
            of.addProperty("hotPixels", group.getValue().hotPixels());
            groups.add(named(group.getKey()), of);
        }
        done.add("measured", groups);
        done.addProperty("constantPlanes", noise.constant().size());
        done.addProperty("clippedPixels", written.clipped());
        Residual residual = residual(written);
        if (residual != null) {
            done.addProperty("residual", residual.describe());
        }
        return done;
    }
}
