// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder OUT.part, in which a result is made before it is moved to its place. What is in it lets a run go on that was stopped, at
 * whatever moment.
 *
 * @param part the folder
 * @param spec of the run, with the blocks that it began with
 * @param targets places of the results, by name
 * @param finished whether the results are in their places already, and only the folder was left
 */
record RunFolder(Path part, RunSpec spec, Map<String, Path> targets, boolean finished) implements RunStorage {

    /** What follows the name of the image while it is made. */
    static final String PART = ".part";
    /** Key of the {@link RunSpec}. */
    static final String SPEC = "run.json";
    private static final String STATE = "state";
    private static final String OLD = "replaced";
    private static final String TEMPORARY = "temporary";

    /** As {@link Places#begin}. */
    static RunFolder open(Map<String, Path> targets, RunSpec spec, boolean overwrite) throws IOException {
        Path out = targets.get(Work.IMAGE);
        Path part = out.resolveSibling(out.getFileName() + PART);
        Path specFile = part.resolve(SPEC);
        try {
            if (Files.isRegularFile(specFile)) {
                RunSpec found = RunSpec.parse(specFile.toString(), Files.readString(specFile), overwrite);
                boolean same = found != null && found.sameResult(spec);
                boolean moved = targets.keySet().stream().noneMatch(name -> Files.exists(part.resolve(name)));
                if (same && moved && targets.values().stream().allMatch(Files::exists)) {
                    return new RunFolder(part, found, targets, true);
                }
                if (same && !moved) {
                    checkExisting(targets, overwrite || Files.exists(part.resolve(STATE).resolve(Run.WHOLE)));
                    return new RunFolder(part, found, targets, false);
                }
                if (!same && !overwrite) {
                    throw unfinished(part.toString());
                }
                delete(part);
            } else if (Files.exists(part)) {
                checkOurs(part, targets.keySet());
                delete(part);
            }
            checkExisting(targets, overwrite);
            Files.createDirectories(part);
            RunFolder folder = new RunFolder(part, spec, targets, false);
            for (String name : targets.keySet()) {
                Files.createDirectories(part.resolve(name));
            }
            folder.store("").write(SPEC, spec.json().getBytes(StandardCharsets.UTF_8));
            return folder;
        } catch (ZarrException e) {
            throw e;
        } catch (IOException e) {
            throw new ZarrException("The folder " + part + " can't be made or read (" + e.getMessage() + "); choose another place for the result.", e);
        }
    }

    private static void checkExisting(Map<String, Path> targets, boolean overwrite) throws IOException {
        for (Path target : targets.values()) {
            checkReplaced(target.toString(), Files.exists(target), new FileStore(target, null), overwrite);
        }
    }

    /** @throws ZarrException if something is there that isn't to be replaced */
    static void checkReplaced(String target, boolean exists, ZarrStore store, boolean overwrite) throws IOException {
        if (exists && !overwrite) {
            throw new ZarrException(target + " exists; give --overwrite to replace it.");
        }
        if (exists && !store.exists(OmeImage.GROUP_V3) && !store.exists(OmeImage.ATTRIBUTES_V2) && !store.exists(OmeImage.GROUP_V2)) {
            throw new ZarrException(target + " is no Zarr image, so it is not replaced; choose another place for the result.");
        }
    }

    static ZarrException unfinished(String part) {
        return new ZarrException(part + " holds an unfinished run of another image, with other options or on another device. Finish that one with the"
                + " same command, or give --overwrite to begin anew.");
    }

    /** A folder of that name that we didn't make is kept. */
    private static void checkOurs(Path part, Set<String> names) throws IOException {
        List<String> ours = Stream.concat(names.stream(), Stream.of(STATE, OLD, TEMPORARY)).toList();
        try (Stream<Path> files = Files.isDirectory(part) ? Files.list(part) : Stream.of(part)) {
            if (!files.allMatch(file -> ours.contains(file.getFileName().toString()))) {
                throw new ZarrException(part + " is in the way, and isn't of Sumi; move it away, or choose another place for the result.");
            }
        }
    }

    /** A folder of a run, as a process other than the one that began it sees it. */
    static RunFolder at(Path part) throws IOException {
        RunSpec spec = RunSpec.parse(part.resolve(SPEC).toString(), Files.readString(part.resolve(SPEC)), false);
        Map<String, Path> targets = new HashMap<>();
        // where they go in the end is the beginner's business
        Work.names(spec).forEach(name -> targets.put(name, null));
        return new RunFolder(part, spec, targets, false);
    }

    private FileStore store(String name) {
        return new FileStore(part.resolve(name), part.resolve(TEMPORARY));
    }

    @Override
    public String place() {
        return part.toAbsolutePath().toString();
    }

    @Override
    public ZarrStore state() {
        return store(STATE);
    }

    @Override
    public Map<String, ZarrStore> results() {
        Map<String, ZarrStore> results = new HashMap<>();
        targets.keySet().forEach(name -> results.put(name, store(name)));
        return results;
    }

    /** Moves the results, and removes the folder. */
    @Override
    public void finish() throws IOException {
        try {
            for (Map.Entry<String, Path> target : targets.entrySet()) {
                Path made = part.resolve(target.getKey());
                if (Files.exists(made)) {
                    if (Files.exists(target.getValue())) {
                        Path old = part.resolve(OLD).resolve(target.getKey());
                        Files.createDirectories(old.getParent());
                        if (Files.exists(old)) {
                            delete(old);
                        }
                        Files.move(target.getValue(), old, StandardCopyOption.ATOMIC_MOVE);
                    }
                    Files.move(made, target.getValue(), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            for (String name : List.of(STATE, OLD, TEMPORARY)) {
                delete(part.resolve(name));
            }
            // last, or what is left would be of no known run
            delete(part);
        } catch (IOException e) {
            throw new ZarrException("The result can't be moved from " + part + " to its place (" + e.getMessage() + "); run the same command again.", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
