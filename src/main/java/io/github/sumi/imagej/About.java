// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.imagej;

import io.github.sumi.model.Model;
import io.github.sumi.model.ModelException;
import io.github.sumi.model.ModelLibrary;
import java.util.ArrayList;
import java.util.List;

/** What Sumi is, in which version, under which licence, and what to cite. */
public final class About {

    private About() {
    }

    /** The version in the jar's manifest. */
    public static String version() {
        String version = About.class.getPackage().getImplementationVersion();
        return "Sumi " + (version == null ? "(not packaged)" : version);
    }

    /** Line by line. */
    public static List<String> lines(ModelLibrary library) {
        List<String> lines = new ArrayList<>();
        lines.add(version() + ": diffusion models for ImageJ and Fiji");
        lines.add("licence   BSD-2-Clause; the network runs in ONNX Runtime (MIT)");
        lines.add("method    Ho, Jain and Abbeel, Denoising Diffusion Probabilistic Models, NeurIPS 2020, arXiv 2006.11239");
        for (String id : library.ids()) {
            lines.add("model     " + model(library, id));
        }
        lines.add("cite      the method, the model that you used with its data, and Sumi by name and version");
        return lines;
    }

    private static String model(ModelLibrary library, String id) {
        try {
            Model model = library.find(id);
            return id + "@" + model.info().version() + ", licence " + model.info().license()
                    + (model.info().citation().isEmpty() ? "" : ", cite " + model.info().citation());
        } catch (ModelException e) {
            return id + ", which can't be used: " + e.getMessage();
        }
    }
}
