// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;

/** Images by the names that users give them: paths, or addresses of other stores. */
final class Places {

    private Places() {
    }

    static boolean isAddress(String place) {
        return place.matches("[a-z][a-z0-9]+://.+");
    }

    /** Whether the address is of a store that can be opened here. */
    static boolean accepts(String address) {
        return ServiceLoader.load(ObjectStores.class).stream().anyMatch(stores -> stores.get().accepts(address));
    }

    static ObjectStore objects(String address) throws IOException {
        for (ObjectStores stores : ServiceLoader.load(ObjectStores.class)) {
            if (stores.accepts(address)) {
                return stores.open(address);
            }
        }
        throw new ZarrException(address + " is of no kind that this jar of Sumi can read; give a folder, or use the jar for Spark for s3://BUCKET/IMAGE.");
    }

    /** An image that is only read. */
    static ZarrStore input(String place) throws IOException {
        return isAddress(place) ? objects(place) : new FileStore(Path.of(place), null);
    }

    /** The same for all names of one place, as far as names tell. */
    static String normal(String place) {
        return isAddress(place) ? place.replaceFirst("/+$", "") : Path.of(place).toAbsolutePath().normalize().toString();
    }

    /** @throws ZarrException if the result lay in the input, or the input in it */
    static void checkApart(String in, String target) throws ZarrException {
        String source = normal(in);
        String place = normal(target);
        String separator = isAddress(in) ? "/" : Path.of(in).getFileSystem().getSeparator();
        if ((place + separator).startsWith(source + separator) || (source + separator).startsWith(place + separator)) {
            throw new ZarrException(target + " and the input " + in + " lie in each other; choose another place for the result.");
        }
    }

    /** Keeps others from making the same result, where the place can. */
    static Closeable lock(String out) throws IOException {
        return isAddress(out) ? () -> { } : RunLock.take(Path.of(out));
    }

    /**
     * Begins a run, or finds the one to go on with. There must be a {@link #lock}.
     *
     * @param targets places of the results by name
     * @throws ZarrException if a result exists that isn't to be replaced, or there is an unfinished run that is another
     */
    static RunStorage begin(Map<String, String> targets, RunSpec spec, boolean overwrite) throws IOException {
        if (isAddress(targets.get(Work.IMAGE))) {
            return RunBucket.open(targets, spec, overwrite);
        }
        Map<String, Path> paths = new LinkedHashMap<>();
        targets.forEach((name, target) -> paths.put(name, Path.of(target)));
        return RunFolder.open(paths, spec, overwrite);
    }

    /** A run, as a process other than the one that began it sees it. @param place {@link RunStorage#place} of it */
    static RunStorage at(String place) throws IOException {
        return isAddress(place) ? RunBucket.at(place) : RunFolder.at(Path.of(place));
    }
}
