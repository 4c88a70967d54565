// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds models by name. A shipped model can't be hidden by a user's of the same name; then the folders are searched in
 * their order.
 *
 * @param folders folders of model folders, the one that {@link #add} writes to second at most
 * @param home where {@link #add} puts models
 */
public record ModelLibrary(List<Path> folders, Path home) {

    /** The model that denoises where none is named. */
    public static final String DENOISER = "fluorescence";
    /** The model of all that generates or shows the chain, where none is named. */
    public static final String GENERATOR = "nuclei";

    private static final List<String> SHIPPED = List.of("nuclei", "fluorescence", "nuclei-int8", "kinds");
    private static final Pattern ID = Pattern.compile("[a-z0-9-]+");
    private static final Pattern NAME = Pattern.compile("(" + ID + ")(?:@([0-9]+))?");

    /**
     * The library of this user: {@code $SUMI_MODELS}, {@code ~/.sumi/models}, {@code <ImageJ folder>/models/sumi}, the jar.
     *
     * @param imagej the ImageJ folder, or null outside ImageJ
     */
    public static ModelLibrary standard(Path imagej) {
        Path home = Path.of(System.getProperty("user.home"), ".sumi", "models");
        List<Path> folders = new ArrayList<>();
        String variable = System.getenv("SUMI_MODELS");
        if (variable != null && !variable.isBlank()) {
            folders.add(Path.of(variable));
        }
        folders.add(home);
        if (imagej != null) {
            folders.add(imagej.resolve("models").resolve("sumi"));
        }
        return new ModelLibrary(List.copyOf(folders), home);
    }

    /**
     * The model of this name ({@code nuclei}, {@code nuclei@1} for that version alone), folder or .zip.
     *
     * @throws ModelException if there is none, or it isn't sound
     */
    public Model find(String nameOrPath) {
        Matcher name = NAME.matcher(nameOrPath);
        if (!name.matches()) {
            return Model.load(asPath(nameOrPath));
        }
        Model model = named(name.group(1), asPath(name.group(1)));
        if (name.group(2) != null && model.info().version() != parseVersion(name.group(2))) {
            throw new ModelException("Model " + name.group(1) + " is here in version " + model.info().version()
                    + ", asked for was version " + name.group(2) + ". Get that version, or leave out the @.");
        }
        return model;
    }

    private static long parseVersion(String digits) {
        return digits.length() > 9 ? -1 : Long.parseLong(digits);
    }

    private Model named(String id, Path path) {
        if (SHIPPED.contains(id)) {
            return Model.embedded(id);
        }
        for (Path folder : folders) {
            if (Files.isDirectory(folder.resolve(id))) {
                return Model.load(folder.resolve(id));
            }
        }
        if (Files.exists(path)) {
            return Model.load(path);
        }
        throw new ModelException("There is no model \"" + id + "\". Known are " + ids()
                + "; 'sumi models add FOLDER' adds one, and a path to a model folder works too.");
    }

    private static Path asPath(String text) {
        try {
            return Path.of(text);
        } catch (java.nio.file.InvalidPathException e) {
            throw new ModelException("\"" + text + "\" is neither the name of a model nor a path.", e);
        }
    }

    /** The names of all models, the shipped ones first. */
    public List<String> ids() {
        Map<String, Boolean> ids = new LinkedHashMap<>();
        SHIPPED.forEach(id -> ids.put(id, true));
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> entries = Files.list(folder)) {
                    entries.filter(Files::isDirectory).map(entry -> entry.getFileName().toString())
                            .filter(id -> ID.matcher(id).matches()).sorted().forEach(id -> ids.put(id, true));
                } catch (IOException e) {
                    throw new ModelException("The folder of models " + folder + " can't be read.", e);
                }
            }
        }
        return List.copyOf(ids.keySet());
    }

    /**
     * Copies a model folder, or unpacks what belongs to a model from a .zip, into {@link #home}, after running its own test,
     * or where it brings none its network on zeros.
     *
     * @return the new folder
     * @throws ModelException if it isn't sound, or a model of that name is there
     */
    public Path add(Path source) {
        Model model = Model.load(source);
        if (!ID.matcher(model.id()).matches()) {
            throw new ModelException("\"" + model.id() + "\" can't be a model's name: use a-z, 0-9 and - alone. Rename " + source + ".");
        }
        Path target = home.resolve(model.id());
        if (SHIPPED.contains(model.id()) || Files.exists(target)) {
            throw new ModelException("There is a model \"" + model.id() + "\" already. Remove it first, or rename " + source + ".");
        }
        model.tryOut();
        ModelFiles files = ModelFiles.of(source);
        Path partial = home.resolve("." + model.id() + ".part");
        try {
            deleteTree(partial);
            for (String name : Model.FILES) {
                byte[] bytes = files.readIfPresent(name);
                if (bytes != null) {
                    Files.createDirectories(partial.resolve(name).getParent());
                    Files.write(partial.resolve(name), bytes);
                }
            }
            return Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | UncheckedIOException e) {
            deleteQuietly(partial);
            throw new ModelException("The model can't be written to " + target + " (" + e.getMessage()
                    + "). Is the disk full, or the folder write-protected?", e);
        }
    }

    /** Deletes a model that {@link #add} put there. @throws ModelException if it isn't one of those */
    public void remove(String id) {
        Path target = ID.matcher(id).matches() ? home.resolve(id) : home;
        if (target.equals(home) || !Files.isDirectory(target)) {
            throw new ModelException("There is no model \"" + id + "\" in " + home + "; only models added there can be removed.");
        }
        try {
            deleteTree(target);
        } catch (IOException | UncheckedIOException e) {
            throw new ModelException(target + " can't be deleted (" + e.getMessage() + ").", e);
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            deleteTree(folder);
        } catch (IOException | UncheckedIOException e) {
            // the first failure is the one to tell
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
