// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.cluster;

import io.github.sumi.zarr.ObjectStore;
import io.github.sumi.zarr.ObjectStores;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens s3://BUCKET/PREFIX; region, keys and endpoint are found where AWS's tools find them, such as in AWS_REGION and AWS_ENDPOINT_URL_S3. */
public final class S3Stores implements ObjectStores {

    private static final Pattern ADDRESS = Pattern.compile("s3://([a-z0-9][a-z0-9.-]*)/(.+)");

    @Override
    public boolean accepts(String address) {
        return ADDRESS.matcher(address).matches();
    }

    @Override
    public ObjectStore open(String address) throws IOException {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw new IOException(address + " is no address in S3; give one such as s3://bucket/image.zarr.");
        }
        try {
            // servers other than Amazon's have no name for each bucket, and some no checksums
            boolean other = System.getenv("AWS_ENDPOINT_URL_S3") != null || System.getenv("AWS_ENDPOINT_URL") != null;
            S3Client client = S3Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).forcePathStyle(other)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED).build();
            return new S3Store(client, parts.group(1), parts.group(2).replaceFirst("/+$", "") + "/");
        } catch (SdkException e) {
            throw S3Store.fault(address, e);
        }
    }
}
