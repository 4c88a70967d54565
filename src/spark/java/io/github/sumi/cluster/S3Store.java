// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.zarr.ObjectStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The objects of a bucket whose names begin with a prefix, by Amazon's own client, which repeats what fails for a moment.
 *
 * @param prefix ends with /
 */
record S3Store(S3Client client, String bucket, String prefix) implements ObjectStore, AutoCloseable {

    private static final int NOT_FOUND = 404;
    private static final int RANGE = 416;

    @Override
    public byte[] read(String key) throws IOException {
        return orNull(key, () -> client.getObjectAsBytes(get -> get.bucket(bucket).key(prefix + key)).asByteArrayUnsafe());
    }

    @Override
    public byte[] read(String key, long offset, int length) throws IOException {
        String range = offset < 0 ? "bytes=" + offset : "bytes=" + offset + "-" + (offset + length - 1);
        byte[] bytes = length == 0 ? new byte[0]
                : orNull(key, () -> client.getObjectAsBytes(get -> get.bucket(bucket).key(prefix + key).range(range)).asByteArrayUnsafe());
        if (bytes != null && bytes.length < length) {
            throw tooShort(key);
        }
        return bytes == null || bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }

    @Override
    public void write(String key, byte[] bytes) throws IOException {
        try {
            client.putObject(put -> put.bucket(bucket).key(prefix + key), RequestBody.fromBytes(bytes));
        } catch (SdkException e) {
            throw fault("s3://" + bucket + "/" + prefix + key, e);
        }
    }

    @Override
    public boolean exists(String key) throws IOException {
        return orNull(key, () -> client.headObject(head -> head.bucket(bucket).key(prefix + key))) != null;
    }

    @Override
    public Set<String> names(String folder) throws IOException {
        String below = prefix + folder + "/";
        Set<String> names = new HashSet<>();
        orNull(folder, () -> {
            client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(below)).contents()
                    .forEach(object -> names.add(object.key().substring(below.length()).replaceFirst("/.*", "")));
            return names;
        });
        return names;
    }

    @Override
    public void delete(String key) throws IOException {
        orNull(key, () -> client.deleteObject(delete -> delete.bucket(bucket).key(prefix + key)));
    }

    @Override
    public boolean isEmpty() throws IOException {
        ListObjectsV2Response found = orNull("", () -> client.listObjectsV2(list -> list.bucket(bucket).prefix(prefix).maxKeys(1)));
        return found == null || found.contents().isEmpty();
    }

    @Override
    public void clear() throws IOException {
        orNull("", () -> {
            for (ListObjectsV2Response page : client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))) {
                // deletes of many at once need a checksum that servers other than Amazon's may not know
                page.contents().parallelStream().forEach(object -> client.deleteObject(delete -> delete.bucket(bucket).key(object.key())));
            }
            return true;
        });
    }

    /** Null if there is no such object. */
    private <T> T orNull(String key, Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (S3Exception e) {
            // a missing bucket is another fault than a missing object
            if (e.statusCode() == NOT_FOUND && !"NoSuchBucket".equals(e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode())) {
                return null;
            }
            if (e.statusCode() == RANGE) {
                throw tooShort(key);
            }
            throw fault("s3://" + bucket + "/" + prefix + key, e);
        } catch (SdkException e) {
            throw fault("s3://" + bucket + "/" + prefix + key, e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private IOException tooShort(String key) {
        return new IOException("s3://" + bucket + "/" + prefix + key + " is shorter than its index says; copy the image again.");
    }

    static IOException fault(String address, SdkException e) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new IOException(address + " can't be reached (" + reason + "); look at the address, and at AWS_REGION, keys and AWS_ENDPOINT_URL_S3 on the driver"
                + " and on all executors.", e);
    }
}
