// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Models in words, line by line. */
public final class ModelReport {

    private ModelReport() {
    }

    /** A line for each model that can be used by name; one that isn't sound says why. */
    public static List<String> list(ModelLibrary library) {
        List<String> lines = new ArrayList<>();
        for (String id : library.ids()) {
            try {
                Model model = library.find(id);
                lines.add(id + "@" + model.info().version() + "  " + model.info().description()
                        + (model.info().isConditioned() ? "; for DDPM Translate... alone" : "") + "  (" + model.location() + ")");
            } catch (ModelException e) {
                lines.add(id + "  can't be used: " + e.getMessage());
            }
        }
        return lines;
    }

    /** What a model says of itself. */
    public static List<String> describe(Model model) {
        ModelInfo info = model.info();
        List<String> lines = new ArrayList<>(List.of(info.name() + "@" + info.version() + ": " + info.description(),
                "from           " + model.location(),
                "licence        " + info.license(),
                "citation       " + info.citation(),
                "training data  " + info.trainingData(),
                "trained for    " + info.trainedFor(),
                "channels       " + info.channels(),
                "tile           " + info.tile() + " with overlap " + info.overlap() + ", multiples of " + info.sizeMultiple()
                        + (info.receptiveField() == null ? ", not local" : ", receptive field " + info.receptiveField() + " pixels"),
                "precision      " + info.precision(),
                "scheduler      " + model.scheduler(),
                "SHA-256        " + model.sha256()));
        if (info.isConditioned()) {
            lines.add("condition      " + info.conditionChannels() + (info.conditionChannels() == 1 ? " channel" : " channels")
                    + ": makes an image of another, by DDPM Translate... or 'sumi translate'");
        }
        if (!info.labels().isEmpty()) {
            lines.add("labels         " + info.labels().describe() + (info.labels().unconditional() == null ? "; no guidance" : "; with guidance"));
        }
        return lines;
    }

    /** Runs the model's own test and says how it went. @throws ModelException if it failed, or the model brings none */
    public static String verify(Model model) {
        return String.format(Locale.ROOT, "%s gives the expected result; largest difference %.2e", model.id(), model.verify());
    }
}
